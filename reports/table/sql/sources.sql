-- Purpose: the files behind a table. One row is: one submission. Inputs: submission.
-- $ids is a JSON list of submission ids.
SELECT submission_id, source_agency, file_name, file_sha256, layout, layout_version,
       strftime(received_at, '%Y-%m-%d'), coalesce(strftime(reference_date, '%Y-%m-%d'), '')
FROM submission
WHERE submission_id IN (SELECT unnest(from_json($ids, '["VARCHAR"]')))
ORDER BY source_agency, layout, seq
