-- Purpose: every total of a State, and what of it is known by sex, by age, or by main form of exploitation.
-- One row is: one figure of one indicator of one source for one period; BREAKDOWN is the code that it is of, _T for a total.
-- Inputs: observation_current, submission, codelist. Parameters: $states (JSON list of area codes), $from_year, $to_year.
SELECT o.*, s.layout, s.seq,
       CASE WHEN o.SEX NOT IN ('_T', '_Z') THEN o.SEX WHEN o.AGE NOT IN ('_T', '_Z') THEN o.AGE
            WHEN o.EXPLOITATION NOT IN ('_T', '_Z') THEN o.EXPLOITATION ELSE '_T' END AS BREAKDOWN
FROM observation_current o JOIN submission s USING (submission_id)
WHERE o.preferred AND o.UNIT_MEASURE = 'NUMBER' AND o.INDICATOR <> 'POPULATION'
  AND (o.SEX NOT IN ('_T', '_Z'))::INT + (o.AGE NOT IN ('_T', '_Z'))::INT + (o.EXPLOITATION NOT IN ('_T', '_Z'))::INT <= 1
  AND o.SEX IN ('_T', '_Z', 'F', 'M') AND o.AGE IN ('_T', '_Z', 'Y0T17', 'Y_GE18')
  AND (o.EXPLOITATION IN ('_T', '_Z') OR o.INDICATOR = 'VICTIMS_DETECTED' AND o.EXPLOITATION NOT LIKE '\_%' ESCAPE '\'
       AND o.EXPLOITATION NOT IN (SELECT code FROM codelist WHERE list = 'CL_EXPLOITATION' AND parent NOT IN ('', '_T')))
  AND o.CITIZENSHIP IN ('_T', '_Z') AND o.ORIGIN IN ('_T', '_Z') AND o.TRANSIT IN ('_T', '_Z') AND o.DESTINATION IN ('_T', '_Z')
  AND o.REF_AREA IN (SELECT unnest(from_json($states, '["VARCHAR"]')))
  AND o.REF_YEAR BETWEEN $from_year AND $to_year
ORDER BY ALL
