-- Of several readings of the same bytes one at most is current, and all stand where the first one stood.
SELECT left(file_sha256, 12) AS subject, count(*) FILTER (current) || ' (' || string_agg(submission_id, ', ' ORDER BY seq) || ')' AS found, '≤ 1' AS expected
FROM (SELECT *, submission_id NOT IN (SELECT submission_id FROM submission_withdrawn) AS current, min(seq) OVER (PARTITION BY file_sha256) AS first FROM submission)
GROUP BY file_sha256
HAVING count(*) FILTER (current) > 1 OR bool_or(coalesce(first_seq, seq) <> first)
ORDER BY min(seq)
