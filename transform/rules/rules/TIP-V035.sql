-- More persons of one sex convicted than prosecuted, while the totals are in
-- order (where they are not, TIP-V028 says so). Level 1. One row: one State, year and sex.
SELECT c.sheet, c.cell, p.sheet AS context_sheet, p.cell AS context_cell,
    shown(c.LOWER_BOUND, c.UPPER_BOUND) || ' (' || c.REF_AREA || ' ' || c.TIME_PERIOD || ' ' || SEX || ')' AS found,
    shown(p.LOWER_BOUND, p.UPPER_BOUND) AS expected, 1 AS finding_count
FROM stated c JOIN stated p USING (breakdown, FREQ, REF_AREA, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION, TIME_PERIOD, COUNTING_UNIT)
WHERE c.INDICATOR = 'PERSONS_CONVICTED' AND p.INDICATOR = 'PERSONS_PROSECUTED' AND SEX IN ('F', 'M')
  AND no_parts('_T', AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION) AND c.step <> '25_months' AND c.LOWER_BOUND > p.UPPER_BOUND
  AND c.FREQ = 'A' AND NOT EXISTS (FROM series x JOIN series z USING (REF_AREA, SOURCE_AGENCY, COUNTING_UNIT, begins, y)
      WHERE x.INDICATOR = 'PERSONS_CONVICTED' AND z.INDICATOR = 'PERSONS_PROSECUTED' AND x.file = '' AND z.file = '' AND x.REF_AREA = c.REF_AREA
        AND x.TIME_PERIOD = c.TIME_PERIOD AND x.lo > z.up)
ORDER BY c.seq, c.TIME_PERIOD, p.seq;
