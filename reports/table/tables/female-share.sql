-- Purpose: female and male victims detected.
-- One row is: the figure of the part, with the rest (OTHER) from the same source and period.
-- Inputs: observation_current, submission. Parameters: $states (JSON list of area codes), $from_year, $to_year.
WITH f AS (
    SELECT o.*, s.layout, s.seq
    FROM observation_current o JOIN submission s USING (submission_id)
    WHERE o.preferred
      AND o.INDICATOR = 'VICTIMS_DETECTED' AND o.UNIT_MEASURE = 'NUMBER'
      AND o.AGE = '_T' AND o.EXPLOITATION IN ('_T', '_Z') AND o.CITIZENSHIP IN ('_T', '_Z') AND o.ORIGIN IN ('_T', '_Z')
      AND o.TRANSIT IN ('_T', '_Z') AND o.DESTINATION IN ('_T', '_Z')
      AND o.REF_AREA IN (SELECT unnest(from_json($states, '["VARCHAR"]')))
      AND o.REF_YEAR BETWEEN $from_year AND $to_year)
SELECT f.*,
       -- the same thing said twice with two figures gives none
       (SELECT CASE WHEN count(DISTINCT (a.OBS_VALUE, a.LOWER_BOUND, a.UPPER_BOUND)) = 1 THEN max(a.obs_id) END FROM f a
        WHERE a.SEX = 'M' AND a.TIME_PERIOD = f.TIME_PERIOD AND a.IDENTIFIED_BY = f.IDENTIFIED_BY
          AND a.REF_AREA = f.REF_AREA AND a.SOURCE_AGENCY = f.SOURCE_AGENCY AND a.layout = f.layout AND a.FREQ = f.FREQ
          AND a.COUNTING_UNIT = f.COUNTING_UNIT AND a.VICTIM_STATUS = f.VICTIM_STATUS AND a.COVERAGE = f.COVERAGE) AS OTHER
FROM f
WHERE f.SEX = 'F'
ORDER BY ALL
