-- What would no longer be current by this submission though it is not in it: figures of an
-- earlier file of the same layout, of an agency, State, indicator and period that are in it.
-- One row: how many, and what one of them is about. Inputs: earlier (words.sql), observation,
-- submission. The parameters are the submission.
SELECT count(*) AS dropped,
    coalesce(arg_min(concat_ws(' ', REF_AREA, INDICATOR, nullif(about(SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION), ''), TIME_PERIOD)
        || elsewhere(file_name, sheet, cell), obs_id), '') AS example
FROM earlier e
WHERE e.layout = (SELECT layout FROM submission WHERE submission_id = ?)
  AND EXISTS (FROM observation o WHERE o.submission_id = ? AND o.SOURCE_AGENCY = e.SOURCE_AGENCY AND o.REF_AREA = e.REF_AREA AND o.INDICATOR = e.INDICATOR
      AND o.breakdown = e.breakdown AND o.TIME_PERIOD = e.TIME_PERIOD)
  AND NOT EXISTS (FROM observation o WHERE o.submission_id = ? AND o.preferred AND o.SOURCE_AGENCY = e.SOURCE_AGENCY AND o.REF_AREA = e.REF_AREA AND o.INDICATOR = e.INDICATOR
      AND o.breakdown = e.breakdown AND o.TIME_PERIOD = e.TIME_PERIOD AND o.FREQ = e.FREQ AND o.SEX = e.SEX AND o.AGE = e.AGE AND o.EXPLOITATION = e.EXPLOITATION
      AND o.CITIZENSHIP = e.CITIZENSHIP AND o.ORIGIN = e.ORIGIN AND o.TRANSIT = e.TRANSIT AND o.DESTINATION = e.DESTINATION AND o.COUNTING_UNIT = e.COUNTING_UNIT
      AND o.VICTIM_STATUS = e.VICTIM_STATUS AND o.UNIT_MEASURE = e.UNIT_MEASURE)
