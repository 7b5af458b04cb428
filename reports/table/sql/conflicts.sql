-- Purpose: figures of the same thing from the same source that a table does not show: a sum of parts beside a
-- reported total, or a second total kept as a check. (Finer forms of exploitation need not make up the whole of
-- the form above them: that is no conflict.)
-- One row is: one such figure, with the figure shown. Inputs: observation_current, submission.
-- $ids is a JSON list of the obs_id shown.
WITH shown AS (
    SELECT o.*, s.layout
    FROM observation_current o JOIN submission s USING (submission_id)
    WHERE o.obs_id IN (SELECT unnest(from_json($ids, '["BIGINT"]'))))
SELECT shown.obs_id, other.derivation, other.summed_over, other.OBS_VALUE, other.LOWER_BOUND, other.UPPER_BOUND, other.OBS_STATUS,
       other.n_missing, other.UNIT_MULT
FROM shown
JOIN (SELECT o.*, s.layout FROM observation_current o JOIN submission s USING (submission_id)) other
  ON other.layout = shown.layout AND other.SOURCE_AGENCY = shown.SOURCE_AGENCY AND other.REF_AREA = shown.REF_AREA
 AND other.INDICATOR = shown.INDICATOR AND other.FREQ = shown.FREQ AND other.TIME_PERIOD = shown.TIME_PERIOD
 AND other.SEX = shown.SEX AND other.AGE = shown.AGE AND other.EXPLOITATION = shown.EXPLOITATION
 AND other.CITIZENSHIP = shown.CITIZENSHIP AND other.ORIGIN = shown.ORIGIN AND other.TRANSIT = shown.TRANSIT
 AND other.DESTINATION = shown.DESTINATION AND other.UNIT_MEASURE = shown.UNIT_MEASURE
 AND other.COUNTING_UNIT = shown.COUNTING_UNIT AND other.VICTIM_STATUS = shown.VICTIM_STATUS
WHERE NOT other.preferred AND other.step <> '41_rollup_exploitation'
ORDER BY shown.obs_id, other.derivation DESC, other.obs_id
