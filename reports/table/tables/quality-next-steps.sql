-- Purpose: what a State could report next, by rule.
-- One row is: one step of one State, the most needed first.
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
recent AS (SELECT * FROM f QUALIFY REF_YEAR >= max(REF_YEAR) OVER (PARTITION BY REF_AREA) - 2),
has AS (
    SELECT REF_AREA, max(REF_YEAR) AS last, bool_or(INDICATOR = 'VICTIMS_DETECTED') AS victims,
           bool_or(INDICATOR = 'VICTIMS_DETECTED' AND COUNTING_UNIT = 'PERSON') AS persons,
           bool_or(INDICATOR = 'VICTIMS_DETECTED' AND VICTIM_STATUS IN ('IDENTIFIED', 'PRESUMED')) AS told,
           bool_or(INDICATOR = 'VICTIMS_DETECTED' AND COVERAGE NOT IN ('_U', '_Z')) AS covered,
           bool_or(INDICATOR = 'VICTIMS_DETECTED' AND SEX IN ('F', 'M') AND AGE NOT IN ('_T', '_U', '_Z')) AS sex_age,
           bool_or(INDICATOR = 'VICTIMS_DETECTED' AND EXPLOITATION NOT IN ('_T', '_U', '_Z')) AS forms,
           bool_or(INDICATOR = 'VICTIMS_DETECTED' AND CITIZENSHIP NOT IN ('_T', '_U', '_Z')) AS citizens,
           bool_or(RECORD = 'routes') AS routes, bool_or(INDICATOR = 'VICTIMS_ASSISTED') AS assisted, bool_or(RECORD = 'measures') AS measures,
           count(DISTINCT INDICATOR) FILTER (INDICATOR IN ('PERSONS_INVESTIGATED', 'PERSONS_PROSECUTED', 'PERSONS_CONVICTED')) = 3 AS justice
    FROM recent
    GROUP BY REF_AREA),
step AS (SELECT * FROM (VALUES (1, 'FIRST'), (2, 'LATE'), (3, 'VICTIMS'), (4, 'UNIT'), (5, 'STATUS'), (6, 'COVERAGE'), (7, 'SEX_AGE'),
    (8, 'EXPLOITATION'), (9, 'CITIZENSHIP'), (10, 'ROUTES'), (11, 'JUSTICE'), (12, 'ASSISTED'), (13, 'MEASURES')) t(place, STEP))
SELECT state.REF_AREA, step.STEP, CAST(has.last AS VARCHAR) AS LAST_YEAR
FROM (SELECT unnest(from_json($states, '["VARCHAR"]')) AS REF_AREA) state LEFT JOIN has USING (REF_AREA) CROSS JOIN step
WHERE CASE STEP
    WHEN 'FIRST' THEN has.last IS NULL
    WHEN 'LATE' THEN has.last <= (SELECT max(last) FROM has) - 2
    WHEN 'VICTIMS' THEN NOT victims
    WHEN 'UNIT' THEN victims AND NOT persons
    WHEN 'STATUS' THEN victims AND NOT told
    WHEN 'COVERAGE' THEN victims AND NOT covered
    WHEN 'SEX_AGE' THEN victims AND NOT sex_age
    WHEN 'EXPLOITATION' THEN victims AND NOT forms
    WHEN 'CITIZENSHIP' THEN victims AND NOT citizens
    WHEN 'ROUTES' THEN NOT routes
    WHEN 'JUSTICE' THEN NOT justice
    WHEN 'ASSISTED' THEN NOT assisted
    WHEN 'MEASURES' THEN NOT measures END
ORDER BY state.REF_AREA, step.place
