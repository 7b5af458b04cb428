-- Two tables of one file have different totals for the same State, period and
-- indicator: victims by citizenship and victims by sex and age, say. A table's
-- total is the one that it reports or, where it splits completely, the sum of
-- its parts. Months are compared only where they make no year. Level 1.
-- One row: one table's total against that of the first table.
WITH totals AS (
    SELECT * FROM work w
    WHERE role = 'figure' AND NOT conflict AND UNIT_MEASURE = 'NUMBER' AND derivation IN ('reported', 'summed', 'sum-of-parts') AND n_missing = 0
      AND LOWER_BOUND IS NOT NULL AND UPPER_BOUND IS NOT NULL AND no_parts(SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION)
      AND NOT (FREQ IN ('M', 'Q') AND (breakdown, REF_AREA, INDICATOR, year(period_start(TIME_PERIOD))) IN (
          SELECT (breakdown, REF_AREA, INDICATOR, year(period_start(TIME_PERIOD))) FROM work WHERE step = '25_months'))
    QUALIFY row_number() OVER (PARTITION BY breakdown, FREQ, REF_AREA, INDICATOR, SOURCE_AGENCY, TIME_PERIOD, COUNTING_UNIT, VICTIM_STATUS
        ORDER BY CASE derivation WHEN 'reported' THEN 1 WHEN 'summed' THEN 2 ELSE 3 END, length(summed_over), seq) = 1),
first_table AS (
    SELECT * FROM totals
    QUALIFY row_number() OVER (PARTITION BY FREQ, REF_AREA, INDICATOR, SOURCE_AGENCY, TIME_PERIOD, COUNTING_UNIT, VICTIM_STATUS ORDER BY breakdown <> 'total', derivation = 'sum-of-parts', seq) = 1)
SELECT b.sheet, b.cell, a.sheet AS context_sheet, a.cell AS context_cell,
    shown(b.LOWER_BOUND, b.UPPER_BOUND) || ' (' || b.breakdown || ', ' || REF_AREA || ' ' || TIME_PERIOD || ')' AS found,
    shown(a.LOWER_BOUND, a.UPPER_BOUND) || ' (' || a.breakdown || ')' AS expected, 1 AS finding_count
FROM totals b JOIN first_table a USING (FREQ, REF_AREA, INDICATOR, SOURCE_AGENCY, TIME_PERIOD, COUNTING_UNIT, VICTIM_STATUS)
WHERE a.breakdown <> b.breakdown AND (a.LOWER_BOUND > b.UPPER_BOUND OR a.UPPER_BOUND < b.LOWER_BOUND) AND greatest(a.UPPER_BOUND, b.UPPER_BOUND) > 0
ORDER BY b.seq, TIME_PERIOD;
