-- Who was accepted later was received later: else what stands as of a day hangs on a clock that was set back.
SELECT submission_id AS subject, strftime(received_at, '%Y-%m-%d %H:%M:%S') AS found, '≥ ' || strftime(before, '%Y-%m-%d %H:%M:%S') AS expected
FROM (SELECT *, max(received_at) OVER (ORDER BY seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before FROM submission)
WHERE received_at < before
ORDER BY seq
