-- More persons prosecuted than brought into formal contact with the police or
-- the courts in one year; or convicted, where the prosecuted are not
-- reported. It can be true, since a case takes more than a year, and so months are left alone. Level 1.
-- One row: one State and year, both cells.
SELECT c.sheet, c.cell, p.sheet AS context_sheet, p.cell AS context_cell,
    shown(c.LOWER_BOUND, c.UPPER_BOUND) || ' (' || c.INDICATOR || ', ' || c.REF_AREA || ' ' || c.TIME_PERIOD || ')' AS found,
    shown(p.LOWER_BOUND, p.UPPER_BOUND) AS expected, 1 AS finding_count
FROM stated c JOIN stated p USING (breakdown, FREQ, REF_AREA, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION, TIME_PERIOD, COUNTING_UNIT)
WHERE p.INDICATOR = 'PERSONS_INVESTIGATED' AND no_parts(SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION)
  AND (c.INDICATOR = 'PERSONS_PROSECUTED' OR c.INDICATOR = 'PERSONS_CONVICTED' AND NOT EXISTS (
      FROM stated b WHERE b.INDICATOR = 'PERSONS_PROSECUTED' AND b.REF_AREA = c.REF_AREA AND b.TIME_PERIOD = c.TIME_PERIOD))
  AND c.FREQ = 'A' AND c.step <> '25_months' AND c.LOWER_BOUND > p.UPPER_BOUND
ORDER BY c.seq, c.TIME_PERIOD, p.seq;
