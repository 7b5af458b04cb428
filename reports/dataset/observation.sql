-- Purpose: the figures of the data set, as disclosure control lets them be read.
-- One row is: one preferred observation of a State of the OAS.
-- Inputs: observation_current, observation, submission, codelist, area_group.
-- Parameters: $states (JSON list of codes; [] is all), $from and $to (years; $to 0 is all),
-- $released (whether disclosure control was applied).
WITH figures AS (
    SELECT o.*, coalesce(i.parent, '') AS record, coalesce(r.position, 0) AS record_position, s.layout, s.layout_version, s.received_at,
        o.OBS_STATUS = 'Q' AND o.CONF_STATUS = 'C' AND o.OBS_VALUE IS NULL AND o.LOWER_BOUND IS NULL AND o.UPPER_BOUND IS NULL AS withheld,
        o.submission_id IN (SELECT submission_id FROM observation WHERE derivation = 'counted') AS from_cases
    FROM observation_current o JOIN submission s USING (submission_id)
    LEFT JOIN codelist i ON i.list = 'CL_INDICATOR' AND i.code = o.INDICATOR
    LEFT JOIN codelist r ON r.list = 'CL_RECORD' AND r.code = i.parent
    WHERE o.preferred AND o.REF_AREA IN (SELECT REF_AREA FROM area_group)
      AND ($states = '[]' OR o.REF_AREA IN (SELECT unnest(from_json($states, '["VARCHAR"]'))))
      AND ($to = 0 OR o.REF_YEAR BETWEEN $from AND $to)
)
-- What stands in a cell or in words is not read; nor of a withheld figure what tells how
-- it was made: its grade may say that it was censored, and how many parts it lacks.
SELECT * EXCLUDE (raw_text, sheet, cell, n_cells, n_missing, grade_reasons, step, summed_over, breakdown, grade, derivation, COMMENT_OBS, CONF_STATUS, preferred),
    -- Not for publication, where nothing was controlled; what is confidential stays so.
    CASE WHEN NOT $released AND CONF_STATUS = 'F' THEN 'N' ELSE CONF_STATUS END AS CONF_STATUS,
    CASE WHEN withheld THEN '' ELSE grade END AS grade,
    CASE WHEN withheld THEN '' ELSE derivation END AS derivation,
    n_missing > 0 AND NOT withheld AS at_least,
    -- A sender's remark may tell another figure; these words are tipstat's own.
    CASE WHEN NOT $released OR COMMENT_OBS IN ('conflict', 'rounded') THEN COMMENT_OBS ELSE '' END AS COMMENT_OBS
FROM figures
-- Where case rows were counted, there is a row for what occurs: of a part of a year, which
-- no table shows, a row without a figure would tell that there was a case.
WHERE NOT ($released AND from_cases AND NOT regexp_matches(TIME_PERIOD, '^\d{4}$|/P1Y$')
           AND (withheld OR COMMENT_OBS = 'rounded' AND coalesce(OBS_VALUE, LOWER_BOUND, 0) = 0))
ORDER BY record_position, record, REF_AREA, INDICATOR, REF_YEAR, TIME_PERIOD, obs_id
