-- Purpose: totals that a newer file of the same source says otherwise.
-- One row is: one total of the newest file, with the one that it took the place of.
-- Inputs: observation_current, observation, submission. Parameters: $states (JSON list of area codes), $from_year, $to_year, $since (YYYY-MM-DD).
WITH now AS (
    SELECT o.*, s.layout, s.seq, s.file_name, s.received_at
    FROM observation_current o JOIN submission s USING (submission_id)
    WHERE o.preferred AND ($since = '' OR s.received_at >= TRY_CAST($since AS DATE) + INTERVAL 1 DAY)
      AND o.SEX = '_T' AND o.AGE = '_T' AND o.EXPLOITATION IN ('_T', '_Z') AND o.CITIZENSHIP IN ('_T', '_Z')
      AND o.ORIGIN IN ('_T', '_Z') AND o.TRANSIT IN ('_T', '_Z') AND o.DESTINATION IN ('_T', '_Z')
      AND o.REF_AREA IN (SELECT unnest(from_json($states, '["VARCHAR"]')))
      AND o.REF_YEAR BETWEEN $from_year AND $to_year),
pair AS (
    SELECT now.*, old.obs_id AS old_id, old.OBS_VALUE AS old_value, old.LOWER_BOUND AS old_lower, old.UPPER_BOUND AS old_upper
    FROM now
    JOIN (SELECT o.*, s.layout, s.seq FROM observation o JOIN submission s USING (submission_id) WHERE o.preferred) old
      USING (layout, SOURCE_AGENCY, REF_AREA, INDICATOR, FREQ, TIME_PERIOD, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION,
        UNIT_MEASURE, COUNTING_UNIT, VICTIM_STATUS)
    WHERE old.seq < now.seq
    QUALIFY row_number() OVER (PARTITION BY now.obs_id ORDER BY old.seq DESC, old.obs_id) = 1)
SELECT REF_AREA, SOURCE_AGENCY, INDICATOR, TIME_PERIOD, REF_YEAR, old_id AS BEFORE, obs_id AS AFTER,
       strftime(received_at, '%Y-%m-%d') AS RECEIVED, file_name AS FILE
FROM pair
WHERE OBS_VALUE IS DISTINCT FROM old_value OR LOWER_BOUND IS DISTINCT FROM old_lower OR UPPER_BOUND IS DISTINCT FROM old_upper
ORDER BY REF_AREA, SOURCE_AGENCY, INDICATOR, TIME_PERIOD, obs_id
