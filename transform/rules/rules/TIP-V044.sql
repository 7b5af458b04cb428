-- A total that changed from one year to the next by more than chance, the size
-- of the counts and the usual variation explain (words.sql, jumped: p < 0.0001
-- for two counts, and at least a doubling or halving). The year before is that of the same
-- State, source and indicator, in this file or in one accepted earlier; one
-- missing year between the two is skipped. Level 2. One row: one State's indicator and year.
SELECT c.sheet, c.cell, CASE WHEN p.file = '' THEN p.sheet ELSE '' END AS context_sheet, CASE WHEN p.file = '' THEN p.cell ELSE '' END AS context_cell,
    shown(c.lo, c.up) || ' (' || REF_AREA || ' ' || INDICATOR || ' ' || c.TIME_PERIOD || ')' AS found,
    shown(p.lo, p.up) || ' (' || p.TIME_PERIOD || elsewhere(p.file, p.sheet, p.cell) || ')' AS expected, 1 AS finding_count
FROM series c JOIN series p USING (REF_AREA, INDICATOR, SOURCE_AGENCY, COUNTING_UNIT, VICTIM_STATUS, begins)
WHERE c.file = '' AND p.y BETWEEN c.y - 2 AND c.y - 1 AND c.up > 0
QUALIFY row_number() OVER (PARTITION BY REF_AREA, INDICATOR, SOURCE_AGENCY, COUNTING_UNIT, VICTIM_STATUS, begins, c.y ORDER BY p.y DESC) = 1
    AND jumped(c.lo, c.up, p.lo, p.up)
ORDER BY REF_AREA, INDICATOR, c.y;
