-- Two tables of one file have different numbers of women, of men, of children or
-- of adults for the same State, period and indicator, while their totals agree
-- or are not known (where they differ, TIP-V043 says so). Children are the
-- figure below 18 or the sum of bands that make it up. Level 1. One row: one
-- such number of one table against that of the first table that has it.
WITH margins AS (
    SELECT *, CASE WHEN SEX = '_T' AND AGE = '_T' THEN '' WHEN AGE = '_T' THEN SEX ELSE AGE END AS margin FROM work
    WHERE role = 'figure' AND NOT conflict AND UNIT_MEASURE = 'NUMBER' AND n_missing = 0 AND FREQ = 'A'
      AND (derivation IN ('reported', 'summed', 'sum-of-parts') OR step = '40_rollup_age')
      AND LOWER_BOUND IS NOT NULL AND UPPER_BOUND IS NOT NULL AND no_parts('_T', '_T', EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION)
      AND (AGE = '_T' AND SEX IN ('_T', 'F', 'M') OR SEX = '_T' AND AGE IN ('Y0T17', 'Y_GE18'))
    QUALIFY row_number() OVER (PARTITION BY breakdown, REF_AREA, INDICATOR, SEX, AGE, TIME_PERIOD, SOURCE_AGENCY, COUNTING_UNIT, VICTIM_STATUS
        ORDER BY CASE derivation WHEN 'reported' THEN 1 WHEN 'summed' THEN 2 ELSE 3 END, length(summed_over), seq) = 1),
pair AS (
    SELECT b.*, a.breakdown AS a_breakdown, a.sheet AS a_sheet, a.cell AS a_cell, a.LOWER_BOUND AS a_lo, a.UPPER_BOUND AS a_up, a.seq AS a_seq
    FROM margins b JOIN margins a USING (REF_AREA, INDICATOR, SEX, AGE, TIME_PERIOD, SOURCE_AGENCY, COUNTING_UNIT, VICTIM_STATUS)
    WHERE a.breakdown <> b.breakdown AND a.seq < b.seq AND (a.LOWER_BOUND > b.UPPER_BOUND OR a.UPPER_BOUND < b.LOWER_BOUND))
SELECT sheet, cell, a_sheet AS context_sheet, a_cell AS context_cell,
    shown(LOWER_BOUND, UPPER_BOUND) || ' (' || breakdown || ', ' || REF_AREA || ' ' || TIME_PERIOD || ' ' || margin || ')' AS found,
    shown(a_lo, a_up) || ' (' || a_breakdown || ')' AS expected, 1 AS finding_count
FROM pair p
WHERE margin <> '' AND NOT EXISTS (FROM pair t WHERE t.margin = '' AND t.breakdown = p.breakdown AND t.a_breakdown = p.a_breakdown AND t.REF_AREA = p.REF_AREA
    AND t.INDICATOR = p.INDICATOR AND t.TIME_PERIOD = p.TIME_PERIOD AND t.SOURCE_AGENCY = p.SOURCE_AGENCY AND t.COUNTING_UNIT = p.COUNTING_UNIT AND t.VICTIM_STATUS = p.VICTIM_STATUS)
QUALIFY row_number() OVER (PARTITION BY breakdown, REF_AREA, INDICATOR, margin, TIME_PERIOD, SOURCE_AGENCY, COUNTING_UNIT, VICTIM_STATUS ORDER BY a_seq) = 1
ORDER BY seq, TIME_PERIOD, margin;
