-- Purpose: the observations that a table's select names. One row is: one of them. Inputs: observation, submission.
-- $ids is a JSON list of obs_id.
SELECT o.*, s.layout, s.seq
FROM observation o JOIN submission s USING (submission_id)
WHERE o.obs_id IN (SELECT unnest(from_json($ids, '["BIGINT"]')))
ORDER BY o.obs_id
