-- Purpose: what those who sent a file say of its figures (explanations of findings, notes of the form).
-- One row is: one remark on one figure shown. Inputs: observation_note, note.
-- $ids is a JSON list of the obs_id shown.
SELECT o.obs_id, n.lang, n.note_text
FROM observation_note o JOIN note n ON n.submission_id = o.submission_id AND n.seq = o.note_seq
WHERE o.obs_id IN (SELECT unnest(from_json($ids, '["BIGINT"]')))
ORDER BY o.obs_id, n.seq
