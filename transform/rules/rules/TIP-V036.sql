-- More persons convicted in a year than were prosecuted in it and in the two
-- years before together: the length of proceedings does not explain that.
-- Level 1. One row: one State and year.
SELECT c.sheet, c.cell, CASE WHEN bool_and(p.file = '') THEN arg_max(p.sheet, p.y) ELSE '' END AS context_sheet,
    CASE WHEN bool_and(p.file = '') THEN arg_max(p.cell, p.y) ELSE '' END AS context_cell,
    shown(c.lo, c.up) || ' (' || c.REF_AREA || ' ' || c.TIME_PERIOD || ')' AS found,
    shown(total(p.lo), total(p.up)) || ' (' || min(p.y) || '–' || max(p.y) || ')' AS expected, 1 AS finding_count
FROM series c JOIN series p USING (REF_AREA, SOURCE_AGENCY, COUNTING_UNIT, begins)
WHERE c.INDICATOR = 'PERSONS_CONVICTED' AND p.INDICATOR = 'PERSONS_PROSECUTED' AND c.file = '' AND p.y BETWEEN c.y - 2 AND c.y
GROUP BY c.sheet, c.cell, c.lo, c.up, c.REF_AREA, c.TIME_PERIOD
HAVING count(*) = 3 AND c.lo > total(p.up)
ORDER BY c.REF_AREA, c.TIME_PERIOD;
