-- More persons convicted than prosecuted in one year, by the totals of one
-- source, reported or made from their parts (words.sql, series). Level 1.
-- One row: one State and year.
SELECT c.sheet, c.cell, p.sheet AS context_sheet, p.cell AS context_cell, shown(c.lo, c.up) || ' (' || REF_AREA || ' ' || c.TIME_PERIOD || ')' AS found,
    shown(p.lo, p.up) AS expected, 1 AS finding_count
FROM series c JOIN series p USING (REF_AREA, SOURCE_AGENCY, COUNTING_UNIT, begins, y)
WHERE c.INDICATOR = 'PERSONS_CONVICTED' AND p.INDICATOR = 'PERSONS_PROSECUTED' AND c.file = '' AND p.file = '' AND c.lo > p.up
ORDER BY REF_AREA, c.TIME_PERIOD, c.sheet, c.cell;
