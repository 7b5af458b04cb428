-- The rows that became observations, by the account, are those of which the store has records.
WITH kept AS (
    SELECT submission_id, sheet, count(DISTINCT row_no) AS n
    FROM (SELECT submission_id, sheet, row_no FROM figure UNION ALL SELECT submission_id, sheet, row_no FROM case_row UNION ALL SELECT submission_id, sheet, row_no FROM treaty_action)
    GROUP BY ALL),
counted AS (SELECT submission_id, sheet, sum(row_count)::BIGINT AS n FROM row_account WHERE outcome = 'observation' GROUP BY ALL)
SELECT submission_id || CASE WHEN sheet = '' THEN '' ELSE ' ' || sheet END AS subject, coalesce(kept.n, 0)::VARCHAR AS found, coalesce(counted.n, 0)::VARCHAR AS expected
FROM kept FULL JOIN counted USING (submission_id, sheet)
WHERE coalesce(kept.n, 0) <> coalesce(counted.n, 0)
ORDER BY ALL
