-- A second total of the same thing (role check) differs from the first.
-- Level 1. One row: one pair of totals of one State and period.
SELECT c.sheet, c.cell, t.sheet AS context_sheet, t.cell AS context_cell,
    printf('%.15g', c.OBS_VALUE) || ' (' || c.breakdown || ', ' || c.TIME_PERIOD || ')' AS found,
    printf('%.15g', t.OBS_VALUE) || ' (' || t.breakdown || ')' AS expected, 1 AS finding_count
FROM work c JOIN work t USING (FREQ, REF_AREA, INDICATOR, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION,
    TIME_PERIOD, UNIT_MEASURE, UNIT_MULT, COUNTING_UNIT, VICTIM_STATUS)
WHERE c.role = 'check' AND t.role = 'figure' AND t.derivation IN ('reported', 'summed') AND c.OBS_VALUE <> t.OBS_VALUE AND c.derivation IN ('reported', 'summed')
ORDER BY c.seq, c.TIME_PERIOD, t.seq, t.step;
