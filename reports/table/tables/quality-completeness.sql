-- Purpose: which of the common indicators and breakdowns each State has a figure for, from any source.
-- One row is: one State with a figure.
-- Inputs: observation_current, submission, codelist. Parameters: $states (JSON list of area codes), $from_year, $to_year.
WITH f AS (
    SELECT o.*, s.layout, s.seq, s.received_at, i.parent AS RECORD
    FROM observation_current o JOIN submission s USING (submission_id)
    JOIN codelist i ON i.list = 'CL_INDICATOR' AND i.code = o.INDICATOR AND i.parent <> 'population'
    WHERE o.preferred
      AND (coalesce(o.OBS_VALUE, nullif(o.LOWER_BOUND, 0)) IS NOT NULL -- "0 to 4" is no sign that anything was counted
        OR o.OBS_STATUS = 'Q' AND o.UPPER_BOUND IS NULL) -- what is withheld (c) was reported
      AND o.REF_AREA IN (SELECT unnest(from_json($states, '["VARCHAR"]')))
      AND o.REF_YEAR BETWEEN $from_year AND $to_year),
asked AS (
    SELECT code, position FROM codelist
    WHERE list = 'CL_INDICATOR' AND parent <> 'population' AND code NOT LIKE '%_RATE' AND code <> 'PERSONS_REPORTED'),
has AS (SELECT DISTINCT REF_AREA, INDICATOR FROM f),
state AS (SELECT DISTINCT REF_AREA FROM f),
part AS (
    SELECT DISTINCT REF_AREA, BREAKDOWN, place FROM (
        SELECT REF_AREA, 'SEX' AS BREAKDOWN, 1 AS place FROM f WHERE INDICATOR = 'VICTIMS_DETECTED' AND SEX NOT IN ('_T', '_U', '_Z')
        UNION ALL SELECT REF_AREA, 'AGE', 2 FROM f WHERE INDICATOR = 'VICTIMS_DETECTED' AND AGE NOT IN ('_T', '_U', '_Z')
        UNION ALL SELECT REF_AREA, 'EXPLOITATION', 3 FROM f WHERE INDICATOR = 'VICTIMS_DETECTED' AND EXPLOITATION NOT IN ('_T', '_U', '_Z')
        UNION ALL SELECT REF_AREA, 'CITIZENSHIP', 4 FROM f WHERE INDICATOR = 'VICTIMS_DETECTED' AND CITIZENSHIP NOT IN ('_T', '_U', '_Z')))
SELECT state.REF_AREA, count(has.INDICATOR) AS REPORTED, count(*) AS EXPECTED,
       coalesce((SELECT list(BREAKDOWN ORDER BY place) FROM part WHERE part.REF_AREA = state.REF_AREA), ['NONE']) AS BREAKDOWN,
       coalesce(list(asked.code ORDER BY asked.position) FILTER (has.INDICATOR IS NULL), ['NONE']) AS MISSING,
       (SELECT list(DISTINCT submission_id ORDER BY submission_id) FROM f WHERE f.REF_AREA = state.REF_AREA) AS SUBMISSION_ID
FROM state CROSS JOIN asked LEFT JOIN has ON has.REF_AREA = state.REF_AREA AND has.INDICATOR = asked.code
GROUP BY state.REF_AREA
ORDER BY state.REF_AREA
