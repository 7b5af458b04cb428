-- More persons convicted than prosecuted in one period. Level 1. One row: one State and period.
SELECT c.sheet, c.cell, p.sheet AS context_sheet, p.cell AS context_cell, printf('%.15g', c.OBS_VALUE) || ' (' || c.REF_AREA || ' ' || c.TIME_PERIOD || ')' AS found,
    printf('%.15g', p.OBS_VALUE) AS expected, 1 AS finding_count
FROM work c JOIN work p USING (breakdown, FREQ, REF_AREA, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION, TIME_PERIOD,
    COUNTING_UNIT, UNIT_MEASURE)
WHERE c.INDICATOR = 'PERSONS_CONVICTED' AND p.INDICATOR = 'PERSONS_PROSECUTED' AND c.derivation = 'reported' AND p.derivation = 'reported'
  AND c.role = 'figure' AND p.role = 'figure'
  AND c.SEX = '_T' AND c.AGE = '_T' AND c.EXPLOITATION = '_T' AND c.CITIZENSHIP = '_T' AND c.OBS_VALUE > p.OBS_VALUE
ORDER BY c.seq;
