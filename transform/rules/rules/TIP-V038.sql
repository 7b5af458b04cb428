-- Thirty victims or more in a year, and all of one sex. It happens where only
-- one form is looked for; as often the other column was not filled in. Level 1.
-- One row: one State and year.
SELECT a.sheet, a.cell, b.sheet AS context_sheet, b.cell AS context_cell,
    shown(a.LOWER_BOUND, a.UPPER_BOUND) || ' (' || a.SEX || ', ' || a.REF_AREA || ' ' || a.TIME_PERIOD || ')' AS found,
    '0 (' || b.SEX || ')' AS expected, 1 AS finding_count
FROM stated a JOIN stated b USING (breakdown, FREQ, REF_AREA, INDICATOR, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION, TIME_PERIOD, COUNTING_UNIT, VICTIM_STATUS)
WHERE INDICATOR IN ('VICTIMS_DETECTED', 'VICTIMS_ASSISTED') AND FREQ = 'A'
  AND no_parts('_T', AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION)
  AND (a.SEX = 'F' AND b.SEX = 'M' OR a.SEX = 'M' AND b.SEX = 'F') AND a.LOWER_BOUND >= 30 AND b.UPPER_BOUND = 0
ORDER BY a.seq, a.TIME_PERIOD;
