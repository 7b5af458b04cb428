-- Purpose: what is exported, in numbers.
-- One row: the time at which the newest file was received, or the newest decision that moved figures made, the number of observations, of series,
-- of those withheld and of those left out, the first and the last year. Inputs: submission, decision, sdmx_observation.
SELECT coalesce((SELECT max(moment) FROM (SELECT max(received_at) AS moment FROM submission UNION ALL SELECT max(decided_at) FROM decision WHERE action <> 'confirm')), TIMESTAMP '1970-01-01'), count(*),
    count(DISTINCT (FREQ, REF_AREA, INDICATOR, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION, COUNTING_UNIT, VICTIM_STATUS, UNIT_MEASURE, SOURCE_AGENCY)),
    count(*) FILTER (withheld), CAST(coalesce(sum(others), 0) AS BIGINT), coalesce(min(REF_YEAR), 0), coalesce(max(REF_YEAR), 0)
FROM sdmx_observation
