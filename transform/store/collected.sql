-- What the store has of a year, by State and kind of record: what was reported, counted or added up, and
-- is current. One row is: one State, one kind of record, and whether files that report for this
-- State alone (its own) or for several (another's collection) have it. Treaties and population
-- come from others than ministries. Inputs: observation_current, submission, reported.sql as
-- reported, codelist. Parameter: $year.
WITH told AS (FROM reported),
own AS (SELECT submission_id, count(*) = 1 AS own FROM told GROUP BY submission_id)
SELECT o.REF_AREA, i.parent AS RECORD, own.own,
    count(*) AS figures,
    count(*) FILTER (o.OBS_VALUE IS NOT NULL OR o.LOWER_BOUND IS NOT NULL OR o.UPPER_BOUND IS NOT NULL OR o.OBS_STATUS = 'Q') AS told,
    count(DISTINCT o.submission_id) AS files,
    arg_max(o.submission_id, s.seq) AS submission_id,
    max(s.received_at) AS received_at
FROM observation_current o
JOIN submission s USING (submission_id)
JOIN own USING (submission_id)
JOIN codelist i ON i.list = 'CL_INDICATOR' AND i.code = o.INDICATOR AND i.parent NOT IN ('population', 'treaties')
WHERE o.REF_YEAR = $year AND o.derivation IN ('reported', 'counted', 'summed') -- sub-national places are only there added up
GROUP BY ALL
ORDER BY ALL
