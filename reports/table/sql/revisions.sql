-- Purpose: what an older vintage said where a table shows a newer one.
-- One row is: the newest older figure of the key of a figure shown. Inputs: observation, submission.
-- $ids is a JSON list of the obs_id shown.
WITH several AS ( -- most layouts have one vintage, which nothing is older than
    SELECT submission_id, layout, seq, file_name, received_at FROM submission
    WHERE layout IN (SELECT layout FROM submission GROUP BY layout HAVING count(*) > 1)),
shown AS (
    SELECT o.*, s.layout, s.seq
    FROM observation o JOIN several s USING (submission_id)
    WHERE o.obs_id IN (SELECT unnest(from_json($ids, '["BIGINT"]'))))
SELECT shown.obs_id, old.OBS_VALUE, old.LOWER_BOUND, old.UPPER_BOUND, old.OBS_STATUS, old.n_missing,
       old.UNIT_MULT, old.file_name, strftime(old.received_at, '%Y-%m-%d')
FROM shown
JOIN (SELECT o.*, s.layout, s.seq, s.file_name, s.received_at
      FROM observation o JOIN several s USING (submission_id) WHERE o.preferred) old
  ON old.layout = shown.layout AND old.SOURCE_AGENCY = shown.SOURCE_AGENCY AND old.REF_AREA = shown.REF_AREA
 AND old.INDICATOR = shown.INDICATOR AND old.FREQ = shown.FREQ AND old.TIME_PERIOD = shown.TIME_PERIOD
 AND old.SEX = shown.SEX AND old.AGE = shown.AGE AND old.EXPLOITATION = shown.EXPLOITATION
 AND old.CITIZENSHIP = shown.CITIZENSHIP AND old.ORIGIN = shown.ORIGIN AND old.TRANSIT = shown.TRANSIT
 AND old.DESTINATION = shown.DESTINATION AND old.UNIT_MEASURE = shown.UNIT_MEASURE
 AND old.COUNTING_UNIT = shown.COUNTING_UNIT AND old.VICTIM_STATUS = shown.VICTIM_STATUS
WHERE old.seq < shown.seq
QUALIFY row_number() OVER (PARTITION BY shown.obs_id ORDER BY old.seq DESC, old.obs_id) = 1
ORDER BY shown.obs_id
