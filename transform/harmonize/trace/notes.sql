-- Purpose: what the sender says of cells goes with the observations that are
-- made from them; of a whole sheet or file, with all that are. Counted cases have no
-- cells of their own: the place must be the same.
-- One row: one remark on one observation. Parameters: the submission, three times.
SELECT DISTINCT t.obs_id, n.submission_id, n.seq
FROM traced t JOIN note n ON n.submission_id = ? AND n.sheet = t.sheet
    AND list_bool_or(list_transform(list_prepend(n.cell, string_split(n.cells, ',')), lambda ref: ref <> '' AND holds_cell(ref, t.cell)))
UNION
SELECT o.obs_id, n.submission_id, n.seq
FROM note n JOIN observation o USING (submission_id)
WHERE n.submission_id = ? AND n.cell = '' AND n.sheet IN ('', o.sheet)
UNION
SELECT o.obs_id, n.submission_id, n.seq
FROM note n JOIN observation o USING (submission_id, sheet, cell)
WHERE n.submission_id = ? AND o.derivation = 'counted'
ORDER BY ALL
