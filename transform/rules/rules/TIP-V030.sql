-- A part is greater than a reported total that holds it: women above all
-- victims, one citizenship above all. Where the table declares that it splits
-- completely, TIP-V020 adds the parts up and says so; this rule compares tables
-- with each other, and parts that need not be all. Level 1. One row: one
-- total, at the greatest such part; the count is of parts.
SELECT p.sheet, p.cell, t.sheet AS context_sheet, t.cell AS context_cell,
    shown(p.LOWER_BOUND, p.UPPER_BOUND) || ' (' || p.REF_AREA || ' ' || p.TIME_PERIOD || ' ' || p.part || ')' AS found,
    shown(t.LOWER_BOUND, t.UPPER_BOUND) AS expected, count(*) OVER total AS finding_count
FROM upward p JOIN stated t USING (FREQ, REF_AREA, INDICATOR, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION,
    TIME_PERIOD, COUNTING_UNIT, VICTIM_STATUS)
WHERE p.LOWER_BOUND > t.UPPER_BOUND AND t.UPPER_BOUND > 0 AND t.derivation <> 'counted' AND t.step <> '25_months'
  AND NOT (p.breakdown = t.breakdown AND (p.over_dims = ['code above'] AND p.own LIKE 'Y%' OR list_has_all(
      (SELECT coalesce(list(b.dimension), []) FROM breakdown b WHERE b.submission_id = ? AND b.breakdown = p.breakdown), p.over_dims)))
WINDOW total AS (PARTITION BY t.breakdown, t.seq, t.TIME_PERIOD)
QUALIFY row_number() OVER (total ORDER BY p.LOWER_BOUND DESC, p.seq, p.part) = 1
ORDER BY p.seq, p.part;
