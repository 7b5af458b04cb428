-- A submission goes by the first 12 digits of the SHA-256 of its file.
SELECT submission_id AS subject, submission_id AS found, left(file_sha256, 12) AS expected
FROM submission WHERE submission_id <> left(file_sha256, 12)
ORDER BY seq
