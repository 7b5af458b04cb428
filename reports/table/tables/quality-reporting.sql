-- Purpose: what the store holds of each State and source.
-- One row is: one source of one State.
-- Inputs: observation_current, submission, codelist. Parameters: $states (JSON list of area codes), $from_year, $to_year.
WITH f AS (
    SELECT o.*, s.layout, s.seq, s.received_at, i.parent AS RECORD, coalesce(o.OBS_VALUE, nullif(o.LOWER_BOUND, 0)) IS NOT NULL AS shown
    FROM observation_current o JOIN submission s USING (submission_id)
    JOIN codelist i ON i.list = 'CL_INDICATOR' AND i.code = o.INDICATOR AND i.parent <> 'population'
    WHERE o.preferred
      AND (coalesce(o.OBS_VALUE, nullif(o.LOWER_BOUND, 0)) IS NOT NULL -- "0 to 4" is no sign that anything was counted
        OR o.OBS_STATUS = 'Q' AND o.UPPER_BOUND IS NULL) -- what is withheld (c) was reported
      AND o.REF_AREA IN (SELECT unnest(from_json($states, '["VARCHAR"]')))
      AND o.REF_YEAR BETWEEN $from_year AND $to_year)
SELECT REF_AREA, SOURCE_AGENCY, list(DISTINCT RECORD ORDER BY RECORD DESC) AS RECORDS, CAST(min(REF_YEAR) AS VARCHAR) AS FIRST_YEAR,
       CAST(max(REF_YEAR) AS VARCHAR) AS LAST_YEAR, count(DISTINCT REF_YEAR) AS YEARS, count(*) AS FIGURES,
       -- of a withheld figure the grade would tell whether it was reported within bounds
       round(100 * count(*) FILTER (grade IN ('A', 'B') AND shown) / nullif(count(*) FILTER (shown), 0)) AS COMPARABLE,
       list(DISTINCT submission_id ORDER BY submission_id) AS SUBMISSION_ID
FROM f
GROUP BY REF_AREA, SOURCE_AGENCY
ORDER BY REF_AREA, SOURCE_AGENCY
