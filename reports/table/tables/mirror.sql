-- Purpose: flows between two States, as each of the two reports them.
-- One row is: one flow in one year, with the observation of each side.
-- Inputs: observation_current, submission. Parameters: $states (JSON list of area codes), $from_year, $to_year.
WITH side AS (
    SELECT o.ORIGIN, o.DESTINATION, o.REF_YEAR, o.REF_AREA, arg_min(o.obs_id, (coalesce(o.grade, 'E'), -s.seq, o.obs_id)) AS obs_id
    FROM observation_current o JOIN submission s USING (submission_id)
    WHERE o.preferred AND o.FREQ = 'A'
      AND o.INDICATOR = 'ROUTE_VICTIMS' AND o.UNIT_MEASURE = 'NUMBER' AND o.COUNTING_UNIT = 'PERSON'
      AND o.SEX = '_T' AND o.AGE = '_T' AND o.EXPLOITATION IN ('_T', '_Z') AND o.CITIZENSHIP IN ('_T', '_Z') AND o.TRANSIT IN ('_T', '_Z')
      AND o.ORIGIN <> o.DESTINATION AND o.REF_AREA IN (o.ORIGIN, o.DESTINATION)
      AND length(o.ORIGIN) = 3 AND length(o.DESTINATION) = 3
      AND o.REF_AREA IN (SELECT unnest(from_json($states, '["VARCHAR"]')))
      AND o.REF_YEAR BETWEEN $from_year AND $to_year
    GROUP BY ALL)
SELECT ORIGIN, DESTINATION, REF_YEAR,
       max(obs_id) FILTER (REF_AREA = ORIGIN) AS ORIGIN_SAYS, max(obs_id) FILTER (REF_AREA = DESTINATION) AS DESTINATION_SAYS
FROM side
GROUP BY ALL
ORDER BY ORIGIN, DESTINATION, REF_YEAR
