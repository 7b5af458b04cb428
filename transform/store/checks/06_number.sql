-- The id of an observation begins with the number of its submission.
SELECT submission_id AS subject, min(obs_id)::VARCHAR || ' (' || count(*) || ')' AS found, (seq * 100000000)::VARCHAR AS expected
FROM observation JOIN submission USING (submission_id)
WHERE obs_id // 100000000 <> seq
GROUP BY submission_id, seq ORDER BY seq
