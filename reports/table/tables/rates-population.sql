-- Purpose: victims detected beside the population of the State in the same year, whoever gives the population.
-- One row is: the figure of victims, with the population (OTHER): the best grade, then the file received last.
-- Inputs: observation_current, submission. Parameters: $states (JSON list of area codes), $from_year, $to_year.
WITH f AS (
    SELECT o.*, s.layout, s.seq
    FROM observation_current o JOIN submission s USING (submission_id)
    WHERE o.preferred
      AND o.INDICATOR IN ('VICTIMS_DETECTED', 'POPULATION') AND o.UNIT_MEASURE = 'NUMBER'
      AND o.SEX = '_T' AND o.AGE = '_T' AND o.EXPLOITATION IN ('_T', '_Z') AND o.CITIZENSHIP IN ('_T', '_Z')
      AND o.ORIGIN IN ('_T', '_Z') AND o.TRANSIT IN ('_T', '_Z') AND o.DESTINATION IN ('_T', '_Z')
      AND o.REF_AREA IN (SELECT unnest(from_json($states, '["VARCHAR"]')))
      AND o.REF_YEAR BETWEEN $from_year AND $to_year)
SELECT f.*,
       (SELECT arg_min(a.obs_id, (coalesce(a.grade, 'E'), -a.seq, a.obs_id)) FROM f a
        WHERE a.INDICATOR = 'POPULATION' AND a.REF_AREA = f.REF_AREA AND a.REF_YEAR = f.REF_YEAR AND a.FREQ = 'A') AS OTHER
FROM f
WHERE f.INDICATOR = 'VICTIMS_DETECTED'
ORDER BY ALL
