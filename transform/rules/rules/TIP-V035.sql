-- More persons of one sex convicted than prosecuted, while the totals are in
-- order (where they are not, TIP-V028 says so). Level 1. One row: one State, period and sex.
SELECT c.sheet, c.cell, p.sheet AS context_sheet, p.cell AS context_cell,
    shown(c.LOWER_BOUND, c.UPPER_BOUND) || ' (' || c.REF_AREA || ' ' || c.TIME_PERIOD || ' ' || SEX || ')' AS found,
    shown(p.LOWER_BOUND, p.UPPER_BOUND) AS expected, 1 AS finding_count
FROM stated c JOIN stated p USING (breakdown, FREQ, REF_AREA, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION, TIME_PERIOD, COUNTING_UNIT)
WHERE c.INDICATOR = 'PERSONS_CONVICTED' AND p.INDICATOR = 'PERSONS_PROSECUTED' AND SEX IN ('F', 'M')
  AND no_parts('_T', AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION) AND c.step <> '25_months' AND c.LOWER_BOUND > p.UPPER_BOUND
  AND NOT EXISTS (FROM stated x JOIN stated y USING (REF_AREA, SEX, TIME_PERIOD) WHERE x.INDICATOR = 'PERSONS_CONVICTED' AND y.INDICATOR = 'PERSONS_PROSECUTED'
      AND x.SEX = '_T' AND x.REF_AREA = c.REF_AREA AND x.TIME_PERIOD = c.TIME_PERIOD AND x.LOWER_BOUND > y.UPPER_BOUND
      AND no_parts('_T', x.AGE, x.EXPLOITATION, x.CITIZENSHIP, x.ORIGIN, x.TRANSIT, x.DESTINATION)
      AND no_parts('_T', y.AGE, y.EXPLOITATION, y.CITIZENSHIP, y.ORIGIN, y.TRANSIT, y.DESTINATION))
ORDER BY c.seq;
