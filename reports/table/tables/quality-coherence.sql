-- Purpose: how often the totals of a source contradict their parts, and what it leaves open.
-- One row is: one source of one State.
-- Inputs: observation_current, submission. Parameters: $states (JSON list of area codes), $from_year, $to_year.
WITH f AS (
    SELECT o.*, s.layout, coalesce(o.OBS_VALUE, o.LOWER_BOUND) AS low,
           coalesce(o.OBS_VALUE, o.LOWER_BOUND, o.UPPER_BOUND) IS NULL AND o.OBS_STATUS = 'Q' AS withheld, -- (c): reported, and held against nothing
           CASE WHEN o.n_missing > 0 THEN 'infinity'::DOUBLE ELSE coalesce(o.OBS_VALUE, o.UPPER_BOUND, 'infinity'::DOUBLE) END AS high
    FROM observation_current o JOIN submission s USING (submission_id)
    WHERE o.INDICATOR <> 'POPULATION'
      AND o.REF_AREA IN (SELECT unnest(from_json($states, '["VARCHAR"]')))
      AND o.REF_YEAR BETWEEN $from_year AND $to_year),
checked AS (
    SELECT t.obs_id, bool_or(t.high < p.low OR p.high < t.low) AS apart
    FROM f t JOIN f p USING (layout, SOURCE_AGENCY, REF_AREA, INDICATOR, FREQ, TIME_PERIOD, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT,
        DESTINATION, UNIT_MEASURE, COUNTING_UNIT, VICTIM_STATUS)
    WHERE t.preferred AND NOT p.preferred AND t.derivation = 'reported' AND p.derivation = 'sum-of-parts' AND t.low IS NOT NULL AND p.low IS NOT NULL
    GROUP BY t.obs_id)
SELECT REF_AREA, SOURCE_AGENCY, count(*) FILTER (low IS NOT NULL OR withheld) AS FIGURES, count(checked.obs_id) AS CHECKED,
       CASE WHEN count(checked.obs_id) > 0 THEN count(*) FILTER (apart) END AS DISAGREE,
       count(*) FILTER (COMMENT_OBS = 'conflict') AS UNCLEAR,
       count(*) FILTER (OBS_VALUE IS NULL AND low IS NOT NULL AND n_missing = 0) AS RANGES, count(*) FILTER (n_missing > 0) AS INCOMPLETE,
       list(DISTINCT submission_id ORDER BY submission_id) AS SUBMISSION_ID
FROM f LEFT JOIN checked USING (obs_id)
WHERE preferred
GROUP BY REF_AREA, SOURCE_AGENCY
HAVING FIGURES > 0
ORDER BY REF_AREA, SOURCE_AGENCY
