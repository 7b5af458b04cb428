-- Purpose: how old the newest figures were when they came, and which years are missing before them.
-- One row is: one source of one State.
-- Inputs: observation_current, submission, codelist. Parameters: $states (JSON list of area codes), $from_year, $to_year.
WITH f AS (
    SELECT o.*, s.layout, s.seq, s.received_at, i.parent AS RECORD
    FROM observation_current o JOIN submission s USING (submission_id)
    JOIN codelist i ON i.list = 'CL_INDICATOR' AND i.code = o.INDICATOR AND i.parent <> 'population'
    WHERE o.preferred AND o.FREQ = 'A'
      AND (coalesce(o.OBS_VALUE, o.LOWER_BOUND, o.UPPER_BOUND) IS NOT NULL OR o.OBS_STATUS = 'Q') -- what is withheld (c) was reported
      AND o.REF_AREA IN (SELECT unnest(from_json($states, '["VARCHAR"]')))
      AND o.REF_YEAR BETWEEN $from_year AND $to_year),
span AS (
    SELECT REF_AREA, SOURCE_AGENCY, min(REF_YEAR) AS first, max(REF_YEAR) AS last, min(received_at) FILTER (REF_YEAR = m) AS received,
           list(DISTINCT submission_id ORDER BY submission_id) AS SUBMISSION_ID
    FROM (SELECT *, max(REF_YEAR) OVER (PARTITION BY REF_AREA, SOURCE_AGENCY) AS m FROM f)
    GROUP BY ALL),
gap AS (
    SELECT REF_AREA, SOURCE_AGENCY, list(CAST(y AS VARCHAR) ORDER BY y) AS GAPS
    FROM (SELECT REF_AREA, SOURCE_AGENCY, unnest(range(first, last)) AS y FROM span)
    WHERE (REF_AREA, SOURCE_AGENCY, y) NOT IN (SELECT (REF_AREA, SOURCE_AGENCY, REF_YEAR) FROM f)
    GROUP BY ALL)
SELECT REF_AREA, SOURCE_AGENCY, CAST(last AS VARCHAR) AS LAST_YEAR, strftime(received, '%Y-%m-%d') AS RECEIVED,
       datediff('month', make_date(last + 1, 1, 1), CAST(received AS DATE)) AS MONTHS,
       coalesce(GAPS, ['NONE']) AS GAPS, SUBMISSION_ID
FROM span LEFT JOIN gap USING (REF_AREA, SOURCE_AGENCY)
ORDER BY REF_AREA, SOURCE_AGENCY
