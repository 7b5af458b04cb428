-- Purpose: where the totals of a source change their meaning or their size from one year to the next.
-- One row is: one indicator of one source in one year, with the year before.
-- Inputs: observation_current, submission, codelist, comparability. Parameters: $states (JSON list of area codes), $from_year, $to_year.
WITH f AS (
    SELECT o.*, s.layout, s.seq, s.received_at, i.parent AS RECORD
    FROM observation_current o JOIN submission s USING (submission_id)
    JOIN codelist i ON i.list = 'CL_INDICATOR' AND i.code = o.INDICATOR AND i.parent <> 'population'
    WHERE o.preferred AND o.FREQ = 'A' AND o.UNIT_MEASURE = 'NUMBER'
      AND (coalesce(o.OBS_VALUE, o.LOWER_BOUND, o.UPPER_BOUND) IS NOT NULL OR o.OBS_STATUS = 'Q') -- what is withheld (c) was reported
      AND o.SEX = '_T' AND o.AGE = '_T' AND o.EXPLOITATION IN ('_T', '_Z') AND o.CITIZENSHIP IN ('_T', '_Z')
      AND o.ORIGIN IN ('_T', '_Z') AND o.TRANSIT IN ('_T', '_Z') AND o.DESTINATION IN ('_T', '_Z')
      AND o.REF_AREA IN (SELECT unnest(from_json($states, '["VARCHAR"]')))
      AND o.REF_YEAR BETWEEN $from_year AND $to_year),
-- of several series of a year, the one that tables prefer; of a withheld figure only the rules on its series grade
-- it, since its own grade would tell whether it was reported within bounds
best AS (
    SELECT *, coalesce(OBS_VALUE, LOWER_BOUND) AS low, CASE WHEN n_missing > 0 THEN NULL ELSE coalesce(OBS_VALUE, UPPER_BOUND) END AS high
    FROM f
    QUALIFY row_number() OVER (PARTITION BY REF_AREA, SOURCE_AGENCY, INDICATOR, REF_YEAR ORDER BY
        CASE WHEN coalesce(OBS_VALUE, LOWER_BOUND, UPPER_BOUND) IS NOT NULL THEN grade
             ELSE coalesce((SELECT max(c.grade) FROM comparability c WHERE c.rule IN (SELECT unnest(f.grade_reasons))
                AND c.attribute NOT IN ('CENSORED', 'N_MISSING', 'OBS_STATUS')), 'A') END NULLS LAST, seq DESC, obs_id) = 1),
pair AS (
    SELECT *, lag(obs_id) OVER w AS old_id, lag(COUNTING_UNIT) OVER w AS old_unit, lag(VICTIM_STATUS) OVER w AS old_status,
           lag(COVERAGE) OVER w AS old_coverage, lag(length(TIME_PERIOD)) OVER w AS old_length, lag(low) OVER w AS old_low, lag(high) OVER w AS old_high
    FROM best WINDOW w AS (PARTITION BY REF_AREA, SOURCE_AGENCY, INDICATOR ORDER BY REF_YEAR))
SELECT REF_AREA, SOURCE_AGENCY, INDICATOR, REF_YEAR, list(KIND ORDER BY place) AS KIND, old_id AS BEFORE, obs_id AS NOW
FROM pair CROSS JOIN (VALUES (1, 'REPORTED'), (2, 'UNIT'), (3, 'STATUS'), (4, 'COVERAGE'), (5, 'PERIOD'), (6, 'JUMP')) k(place, KIND)
WHERE old_id IS NOT NULL AND CASE KIND
    WHEN 'REPORTED' THEN OBS_STATUS = 'B'
    WHEN 'UNIT' THEN COUNTING_UNIT <> old_unit
    WHEN 'STATUS' THEN VICTIM_STATUS <> old_status
    WHEN 'COVERAGE' THEN COVERAGE <> old_coverage
    WHEN 'PERIOD' THEN length(TIME_PERIOD) <> old_length
    WHEN 'JUMP' THEN (low >= 30 AND low >= 3 * old_high) OR (old_low >= 30 AND old_low >= 3 * high) END
GROUP BY ALL
ORDER BY REF_AREA, SOURCE_AGENCY, INDICATOR, REF_YEAR
