-- A submission goes by the first 12 digits of the SHA-256 of its file, and by which reading of it it is.
SELECT submission_id AS subject, submission_id AS found, expected
FROM (SELECT submission_id, seq, left(file_sha256, 12) || CASE WHEN n > 1 THEN '-' || n ELSE '' END AS expected
    FROM (SELECT *, row_number() OVER (PARTITION BY file_sha256 ORDER BY seq) AS n FROM submission))
WHERE submission_id <> expected
ORDER BY seq
