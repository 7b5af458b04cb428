-- Purpose: victims by whether their route crosses a border.
-- One row is: one figure, with the others (OTHER) that are added to it.
-- Inputs: observation_current, submission. Parameters: $states (JSON list of area codes), $from_year, $to_year.
WITH f AS (
    SELECT o.*, s.layout, s.seq
    FROM observation_current o JOIN submission s USING (submission_id)
    WHERE o.preferred
      AND o.INDICATOR = 'ROUTE_VICTIMS' AND o.UNIT_MEASURE = 'NUMBER'
      AND o.SEX = '_T' AND o.AGE = '_T' AND o.EXPLOITATION IN ('_T', '_Z') AND o.CITIZENSHIP IN ('_T', '_Z')
      AND o.TRANSIT IN ('_T', '_Z')
      AND o.REF_AREA IN (SELECT unnest(from_json($states, '["VARCHAR"]')))
      AND o.REF_YEAR BETWEEN $from_year AND $to_year),
kind AS (
    SELECT *, CASE WHEN ORIGIN IN ('_T', '_Z') AND DESTINATION IN ('_T', '_Z') THEN '_T' WHEN ORIGIN IN ('_T', '_Z') OR DESTINATION IN ('_T', '_Z') THEN NULL
        WHEN ORIGIN IN ('_U', '_O') OR DESTINATION IN ('_U', '_O') THEN '_U' WHEN ORIGIN = DESTINATION THEN 'DOMESTIC' ELSE 'CROSS_BORDER' END AS FLOW
    FROM f
    -- of one thing said in two files the newer counts; a total said twice in one file is told by the table, never added
    WINDOW key AS (PARTITION BY REF_AREA, SOURCE_AGENCY, layout, FREQ, TIME_PERIOD, ORIGIN, DESTINATION, COUNTING_UNIT, VICTIM_STATUS, COVERAGE, IDENTIFIED_BY)
    QUALIFY seq = max(seq) OVER key AND (FLOW = '_T' OR obs_id = max(obs_id) OVER key))
SELECT *, list(obs_id) OVER (same ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE CURRENT ROW) AS OTHER
FROM kind
WHERE FLOW IS NOT NULL
WINDOW same AS (PARTITION BY REF_AREA, SOURCE_AGENCY, layout, FREQ, TIME_PERIOD, FLOW, COUNTING_UNIT, VICTIM_STATUS, COVERAGE, IDENTIFIED_BY,
    CASE WHEN FLOW = '_T' THEN obs_id END ORDER BY obs_id)
QUALIFY row_number() OVER same = 1
ORDER BY ALL
