-- Purpose: the observations that a remark on a cell may go with: those of the
-- tables in which such cells stand. One row: one. Parameter: the submission.
SELECT DISTINCT o.obs_id
FROM (SELECT submission_id, sheet, cell AS ref, cells FROM note WHERE submission_id = ? AND cell <> '') n JOIN figure f USING (submission_id, sheet)
JOIN observation o USING (submission_id, breakdown, REF_AREA, INDICATOR, UNIT_MEASURE)
WHERE o.derivation <> 'counted'
    AND list_bool_or(list_transform(list_prepend(n.ref, string_split(n.cells, ',')), lambda ref: ref <> '' AND holds_cell(ref, f.cell)))
ORDER BY ALL
