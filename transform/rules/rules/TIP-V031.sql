-- A total of zero with parts above zero: often a total that nobody filled in.
-- Level 1. One row: one such total, at its first part.
SELECT t.sheet, t.cell, min_by(p.sheet, p.seq) AS context_sheet, min_by(p.cell, p.seq) AS context_cell,
    '0 (' || t.REF_AREA || ' ' || t.TIME_PERIOD || ')' AS found,
    min_by(shown(p.LOWER_BOUND, p.UPPER_BOUND) || ' (' || p.part || ')', p.seq) AS expected, count(DISTINCT (p.breakdown, p.seq, p.part)) AS finding_count
FROM upward p JOIN stated t USING (FREQ, REF_AREA, INDICATOR, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION,
    TIME_PERIOD, COUNTING_UNIT, VICTIM_STATUS)
WHERE t.UPPER_BOUND = 0 AND p.LOWER_BOUND > 0 AND t.derivation <> 'counted' AND t.step <> '25_months'
GROUP BY t.sheet, t.cell, t.seq, t.REF_AREA, t.INDICATOR, t.TIME_PERIOD
ORDER BY t.seq;
