-- Purpose: every total of a State.
-- One row is: one figure of one indicator of one source for one period.
-- Inputs: observation_current, submission. Parameters: $states (JSON list of area codes), $from_year, $to_year.
SELECT o.*, s.layout, s.seq
FROM observation_current o JOIN submission s USING (submission_id)
WHERE o.preferred AND o.UNIT_MEASURE = 'NUMBER' AND o.INDICATOR <> 'POPULATION'
  AND o.SEX IN ('_T', '_Z') AND o.AGE IN ('_T', '_Z') AND o.EXPLOITATION IN ('_T', '_Z') AND o.CITIZENSHIP IN ('_T', '_Z')
  AND o.ORIGIN IN ('_T', '_Z') AND o.TRANSIT IN ('_T', '_Z') AND o.DESTINATION IN ('_T', '_Z')
  AND o.REF_AREA IN (SELECT unnest(from_json($states, '["VARCHAR"]')))
  AND o.REF_YEAR BETWEEN $from_year AND $to_year
ORDER BY ALL
