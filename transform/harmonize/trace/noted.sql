-- Purpose: the observations that a remark on a cell may go with: its own, and
-- those whose key holds the key of the figure in that cell. (Which of them were
-- made from it, Trace tells.) One row: one. Parameter: the submission.
WITH ref AS (
    SELECT DISTINCT submission_id, sheet, ref
    FROM (SELECT submission_id, sheet, unnest(list_prepend(cell, string_split(cells, ','))) AS ref FROM note WHERE submission_id = ?)
    WHERE ref <> ''),
cell AS ( -- nearly all are single cells, which join by their address
    SELECT DISTINCT submission_id, sheet, ref AS cell FROM ref WHERE NOT contains(ref, ':')
    UNION SELECT DISTINCT f.submission_id, f.sheet, f.cell
    FROM ref r JOIN (SELECT DISTINCT submission_id, sheet, cell FROM figure) f USING (submission_id, sheet)
    WHERE contains(r.ref, ':') AND holds_cell(r.ref, f.cell)),
noted AS (SELECT DISTINCT f.*, ref_year(f.TIME_PERIOD) AS REF_YEAR FROM cell JOIN figure f USING (submission_id, sheet, cell))
SELECT DISTINCT o.obs_id
FROM noted f JOIN observation o USING (submission_id, breakdown, REF_AREA, INDICATOR, UNIT_MEASURE, UNIT_MULT, COUNTING_UNIT, VICTIM_STATUS, TRANSIT, REF_YEAR)
LEFT JOIN codelist a ON a.list = 'CL_AGE' AND a.code = f.AGE
LEFT JOIN codelist x ON x.list = 'CL_EXPLOITATION' AND x.code = f.EXPLOITATION
WHERE o.derivation <> 'counted' AND o.SEX IN ('_T', f.SEX) AND o.AGE IN ('_T', f.AGE, coalesce(a.parent, f.AGE)) AND o.EXPLOITATION IN ('_T', f.EXPLOITATION, coalesce(x.parent, f.EXPLOITATION))
  AND o.CITIZENSHIP IN ('_T', f.CITIZENSHIP) AND o.ORIGIN IN ('_T', f.ORIGIN) AND o.DESTINATION IN ('_T', f.DESTINATION)
ORDER BY ALL
