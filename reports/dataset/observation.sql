-- Purpose: the figures of the data set, as disclosure control lets them be read.
-- One row is: one preferred observation of a State of the OAS.
-- Inputs: observation_current, submission, codelist, area_group, as the connection gives them.
-- Parameters: $states (JSON list of codes; [] is all), $from and $to (years; $to 0 is all),
-- $released (whether disclosure control was applied).
WITH figures AS (
    SELECT o.*, coalesce(i.parent, '') AS record, coalesce(r.position, 0) AS record_position, s.layout, s.layout_version, s.received_at,
        -- Withheld, whoever withheld it.
        $released AND o.OBS_STATUS = 'Q' AND o.OBS_VALUE IS NULL AND o.LOWER_BOUND IS NULL AND o.UPPER_BOUND IS NULL AS withheld
    FROM observation_current o JOIN submission s USING (submission_id)
    LEFT JOIN codelist i ON i.list = 'CL_INDICATOR' AND i.code = o.INDICATOR
    LEFT JOIN codelist r ON r.list = 'CL_RECORD' AND r.code = i.parent
    WHERE o.preferred AND o.REF_AREA IN (SELECT REF_AREA FROM area_group WHERE area_group = 'OAS')
      AND ($states = '[]' OR o.REF_AREA IN (SELECT unnest(from_json($states, '["VARCHAR"]'))))
      AND ($to = 0 OR o.REF_YEAR BETWEEN $from AND $to)
)
-- What stands in a cell or in words is not read; nor of a withheld figure what tells how
-- it was made: its grade may say that it was censored, and how many parts it lacks.
SELECT * EXCLUDE (raw_text, sheet, cell, n_cells, n_missing, grade_reasons, step, summed_over, breakdown, grade, derivation, COMMENT_OBS, CONF_STATUS, preferred),
    -- Not for publication, where nothing was controlled; what is confidential stays so.
    CASE WHEN withheld THEN 'C' WHEN NOT $released AND CONF_STATUS = 'F' THEN 'N' WHEN $released AND CONF_STATUS = 'N' THEN 'F' ELSE CONF_STATUS END AS CONF_STATUS,
    CASE WHEN withheld THEN '' ELSE grade END AS grade,
    CASE WHEN withheld THEN '' ELSE derivation END AS derivation,
    n_missing > 0 AND NOT withheld AS at_least,
    -- A sender's remark may tell another figure; these words are tipstat's own.
    CASE WHEN NOT $released OR NOT withheld AND COMMENT_OBS IN ('conflict', 'rounded') THEN COMMENT_OBS ELSE '' END AS COMMENT_OBS
FROM figures
ORDER BY record_position, record, REF_AREA, INDICATOR, REF_YEAR, TIME_PERIOD, obs_id
