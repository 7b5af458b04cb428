-- The States for which each submission reports.
SELECT submission_id, REF_AREA FROM figure
UNION
SELECT submission_id, REF_AREA FROM case_row
UNION
SELECT submission_id, REF_AREA FROM treaty_action
ORDER BY 1, 2
