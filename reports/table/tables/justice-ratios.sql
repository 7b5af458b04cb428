-- Purpose: each stage of criminal justice beside an earlier one.
-- One row is: the figure of a stage, with that of the earlier one (OTHER) of the same source and period.
-- Inputs: observation_current, submission. Parameters: $states (JSON list of area codes), $from_year, $to_year.
WITH f AS (
    SELECT o.*, s.layout, s.seq
    FROM observation_current o JOIN submission s USING (submission_id)
    WHERE o.preferred
      AND o.INDICATOR IN ('PERSONS_INVESTIGATED', 'PERSONS_PROSECUTED', 'PERSONS_CONVICTED') AND o.UNIT_MEASURE = 'NUMBER'
      AND o.SEX = '_T' AND o.AGE = '_T' AND o.EXPLOITATION IN ('_T', '_Z') AND o.CITIZENSHIP IN ('_T', '_Z')
      AND o.ORIGIN IN ('_T', '_Z') AND o.TRANSIT IN ('_T', '_Z') AND o.DESTINATION IN ('_T', '_Z')
      AND o.REF_AREA IN (SELECT unnest(from_json($states, '["VARCHAR"]')))
      AND o.REF_YEAR BETWEEN $from_year AND $to_year),
step AS (SELECT * FROM (VALUES ('PROSECUTED', 'PERSONS_PROSECUTED', 'PERSONS_INVESTIGATED'),
    ('CONVICTED', 'PERSONS_CONVICTED', 'PERSONS_PROSECUTED'), ('THROUGH', 'PERSONS_CONVICTED', 'PERSONS_INVESTIGATED')) t(STEP, later, earlier))
-- one name for the three stages, so that they stand in one row
SELECT f.* REPLACE ('STAGES' AS INDICATOR), step.STEP,
       -- the same thing said twice with two figures gives none
       (SELECT CASE WHEN count(DISTINCT (a.OBS_VALUE, a.LOWER_BOUND, a.UPPER_BOUND)) = 1 THEN max(a.obs_id) END FROM f a
        WHERE a.INDICATOR = step.earlier AND a.TIME_PERIOD = f.TIME_PERIOD
          AND a.REF_AREA = f.REF_AREA AND a.SOURCE_AGENCY = f.SOURCE_AGENCY AND a.layout = f.layout AND a.FREQ = f.FREQ
          AND a.COUNTING_UNIT = f.COUNTING_UNIT AND a.VICTIM_STATUS = f.VICTIM_STATUS AND a.COVERAGE = f.COVERAGE) AS OTHER
FROM f JOIN step ON step.later = f.INDICATOR
ORDER BY ALL
