-- A form of exploitation and a finer form of it are both reported, so that the
-- first is taken as a total of which the second is a part. Level 1. One row: one such
-- pair of codes, at the first figures of each.
SELECT min_by(t.sheet, t.seq) AS sheet, min_by(t.cell, t.seq) AS cell, min_by(p.sheet, p.seq) AS context_sheet, min_by(p.cell, p.seq) AS context_cell,
    t.EXPLOITATION AS found, p.EXPLOITATION AS expected, count(*) AS finding_count
FROM work t
JOIN codelist c ON c.list = 'CL_EXPLOITATION' AND c.parent = t.EXPLOITATION
JOIN work p ON p.EXPLOITATION = c.code AND p.breakdown = t.breakdown AND p.FREQ = t.FREQ AND p.REF_AREA = t.REF_AREA AND p.INDICATOR = t.INDICATOR
    AND p.SEX = t.SEX AND p.AGE = t.AGE AND p.CITIZENSHIP = t.CITIZENSHIP AND p.ORIGIN = t.ORIGIN AND p.TRANSIT = t.TRANSIT
    AND p.DESTINATION = t.DESTINATION AND p.TIME_PERIOD = t.TIME_PERIOD AND p.COUNTING_UNIT = t.COUNTING_UNIT AND p.VICTIM_STATUS = t.VICTIM_STATUS
WHERE t.derivation IN ('reported', 'summed') AND p.derivation IN ('reported', 'summed') AND t.role = 'figure' AND p.role = 'figure'
GROUP BY t.breakdown, t.EXPLOITATION, p.EXPLOITATION
ORDER BY min(t.seq), found, expected;
