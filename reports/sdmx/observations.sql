-- Purpose: what is exported, as a table of the connection: the preferred current
-- observations of the States of the OAS, one for each SDMX key. Where two files of
-- one agency (of two layouts) give the same key, the file received last is taken.
-- Inputs: observation_current, submission, area_group, as the connection gives them,
-- so after disclosure control. One row: one observation, with the number of those
-- that were left out for it. Parameters: $states (JSON list of codes; empty: all), $from_year,
-- $to_year (0: all), $released (disclosure control has been passed).
CREATE OR REPLACE TEMP TABLE sdmx_observation AS
WITH chosen AS (
    SELECT o.*,
        -- Withheld, whoever withheld it: nothing is told of it, nor why.
        $released AND o.OBS_STATUS = 'Q' AND o.OBS_VALUE IS NULL AND o.LOWER_BOUND IS NULL AND o.UPPER_BOUND IS NULL AS withheld,
        -- Bounds are said where they say more than the value.
        o.OBS_VALUE IS NOT NULL AND o.LOWER_BOUND IS NOT DISTINCT FROM o.OBS_VALUE AND o.UPPER_BOUND IS NOT DISTINCT FROM o.OBS_VALUE AS exact,
        row_number() OVER same_key AS nth, count(*) OVER (PARTITION BY FREQ, REF_AREA, INDICATOR, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION,
            COUNTING_UNIT, VICTIM_STATUS, UNIT_MEASURE, SOURCE_AGENCY, TIME_PERIOD) - 1 AS others
    FROM observation_current o JOIN (SELECT submission_id, seq FROM submission) s USING (submission_id)
    WHERE o.preferred AND o.REF_AREA IN (SELECT REF_AREA FROM area_group WHERE area_group = 'OAS')
      AND (len(from_json($states, '["VARCHAR"]')) = 0 OR o.REF_AREA IN (SELECT unnest(from_json($states, '["VARCHAR"]'))))
      AND ($from_year = 0 OR o.REF_YEAR BETWEEN $from_year AND $to_year)
    WINDOW same_key AS (PARTITION BY FREQ, REF_AREA, INDICATOR, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION,
        COUNTING_UNIT, VICTIM_STATUS, UNIT_MEASURE, SOURCE_AGENCY, TIME_PERIOD ORDER BY s.seq DESC, o.obs_id))
SELECT FREQ, REF_AREA, INDICATOR, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION, COUNTING_UNIT, VICTIM_STATUS, UNIT_MEASURE,
    SOURCE_AGENCY, TIME_PERIOD, OBS_VALUE,
    -- A is a normal value: where there is none, the bounds are all that is known.
    CASE WHEN OBS_VALUE IS NULL AND OBS_STATUS = 'A' THEN 'O' ELSE OBS_STATUS END AS OBS_STATUS,
    -- N: not for publication, as long as it has not passed disclosure control; so it came, too, where it
    -- was received from an export without.
    CASE WHEN withheld THEN 'C' WHEN NOT $released AND CONF_STATUS = 'F' THEN 'N' WHEN $released AND CONF_STATUS = 'N' THEN 'F' ELSE CONF_STATUS END AS CONF_STATUS,
    CASE WHEN NOT exact THEN LOWER_BOUND END AS LOWER_BOUND, CASE WHEN NOT exact THEN UPPER_BOUND END AS UPPER_BOUND,
    UNIT_MULT, DECIMALS, IDENTIFIED_BY, COVERAGE, LEGAL_ARTICLE, PERIOD_AS_REPORTED,
    CASE WHEN withheld THEN '' ELSE COMMENT_OBS END AS COMMENT_OBS,
    CASE WHEN withheld THEN '' ELSE derivation END AS DERIVATION,
    -- The grade would tell whether it was reported within bounds.
    CASE WHEN withheld THEN '' ELSE grade END AS COMPARABILITY,
    CASE WHEN withheld THEN '' ELSE array_to_string(grade_reasons, ' ') END AS COMPARABILITY_REASONS,
    REF_YEAR, submission_id, others, withheld
FROM chosen WHERE nth = 1
