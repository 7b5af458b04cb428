-- Purpose: what the sender says of cells goes with the observations that are
-- made from them; of a whole sheet or file, with all that are. Counted cases have no
-- cells of their own: the place must be the same.
-- One row: one remark on one observation. Parameters: the submission, three times.
SELECT DISTINCT t.obs_id, h.submission_id, h.seq
FROM traced t JOIN (
    WITH ref AS (
        SELECT DISTINCT submission_id, seq, sheet, ref
        FROM (SELECT submission_id, seq, sheet, unnest(list_prepend(cell, string_split(cells, ','))) AS ref FROM note WHERE submission_id = ?)
        WHERE ref <> '')
    SELECT submission_id, seq, sheet, ref AS cell FROM ref WHERE NOT contains(ref, ':')
    UNION SELECT r.submission_id, r.seq, s.sheet, s.cell
    FROM ref r JOIN (SELECT DISTINCT sheet, cell FROM traced) s USING (sheet)
    WHERE contains(r.ref, ':') AND holds_cell(r.ref, s.cell)) h USING (sheet, cell)
UNION
SELECT o.obs_id, n.submission_id, n.seq
FROM note n JOIN observation o USING (submission_id)
WHERE n.submission_id = ? AND n.cell = '' AND n.sheet IN ('', o.sheet)
UNION
SELECT o.obs_id, n.submission_id, n.seq
FROM note n JOIN observation o USING (submission_id, sheet, cell)
WHERE n.submission_id = ? AND o.derivation = 'counted'
ORDER BY ALL
