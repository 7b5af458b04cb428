-- The States for which a submission reports, other than the one that sent it: where each
-- is met first, and how often. $1 is the submission, $2 the sender.
WITH reported AS (
    SELECT REF_AREA, sheet, cell, row_seq FROM figure WHERE submission_id = $1
    UNION ALL
    SELECT REF_AREA, sheet, '', row_seq FROM case_row WHERE submission_id = $1
    UNION ALL
    SELECT REF_AREA, sheet, cell, row_seq FROM treaty_action WHERE submission_id = $1
)
SELECT REF_AREA, arg_min(sheet, row_seq), arg_min(cell, row_seq), count(*)
FROM reported
WHERE REF_AREA <> $2
GROUP BY REF_AREA
ORDER BY min(row_seq), REF_AREA
