-- Purpose: what the annex on implementation says of each State: how many of the Palermo Convention and its three
-- protocols bind it, by the newest list of each depositary, and the last year of each kind of record.
-- One row is: one State of which anything is known.
-- Inputs: observation_current, submission, codelist, treaty_action. Parameters: $states (JSON list of area codes), $from_year, $to_year.
WITH list AS (
    SELECT INSTRUMENT, submission_id, reference_date
    FROM (SELECT DISTINCT a.INSTRUMENT, s.submission_id, s.reference_date, s.seq
          FROM treaty_action a JOIN submission s USING (submission_id)
          WHERE a.INSTRUMENT IN ('UNTOC', 'TIP_PROTOCOL', 'SMUGGLING_PROTOCOL', 'FIREARMS_PROTOCOL'))
    QUALIFY row_number() OVER (PARTITION BY INSTRUMENT ORDER BY reference_date DESC NULLS LAST, seq DESC) = 1),
state AS (SELECT unnest(from_json($states, '["VARCHAR"]')) AS REF_AREA),
bound AS (
    SELECT state.REF_AREA, count(DISTINCT a.INSTRUMENT) FILTER (a.ACTION IN ('RATIFICATION', 'ACCESSION', 'ACCEPTANCE', 'APPROVAL', 'SUCCESSION', 'CONSENT_U')) AS n
    FROM state LEFT JOIN (FROM treaty_action SEMI JOIN list USING (INSTRUMENT, submission_id)) a USING (REF_AREA)
    WHERE EXISTS (FROM list)
    GROUP BY ALL),
kept AS (
    SELECT o.REF_AREA, i.parent AS kind, max(o.REF_YEAR) AS last, list(DISTINCT o.submission_id) AS ids
    FROM observation_current o JOIN codelist i ON i.list = 'CL_INDICATOR' AND i.code = o.INDICATOR
    WHERE o.preferred
      AND (coalesce(o.OBS_VALUE, nullif(o.LOWER_BOUND, 0)) IS NOT NULL -- "0 to 4" is no sign that anything was counted
        OR o.OBS_STATUS = 'Q' AND o.UPPER_BOUND IS NULL) -- what is withheld (c) was reported
      AND o.REF_AREA IN (FROM state) AND o.REF_YEAR BETWEEN $from_year AND $to_year
    GROUP BY ALL),
kinds AS (
    SELECT REF_AREA, max(last) FILTER (kind = 'victims') AS VICTIMS, max(last) FILTER (kind = 'routes') AS ROUTES,
        max(last) FILTER (kind = 'prosecutions') AS PROSECUTIONS, max(last) FILTER (kind = 'measures') AS MEASURES, flatten(list(ids)) AS ids
    FROM kept GROUP BY ALL)
SELECT REF_AREA, b.n || ' / ' || (SELECT count(*) FROM list) AS BOUND,
    CASE WHEN b.n IS NOT NULL THEN (SELECT strftime(min(reference_date), '%Y-%m-%d') FROM list) END AS LISTED_TO, CAST(k.VICTIMS AS VARCHAR) AS VICTIMS, CAST(k.ROUTES AS VARCHAR) AS ROUTES,
    CAST(k.PROSECUTIONS AS VARCHAR) AS PROSECUTIONS, CAST(k.MEASURES AS VARCHAR) AS MEASURES,
    list_sort(list_distinct(list_concat(coalesce(k.ids, []), CASE WHEN b.n IS NULL THEN [] ELSE (SELECT list(submission_id) FROM list) END))) AS SUBMISSION_ID
FROM bound b FULL JOIN kinds k USING (REF_AREA)
ORDER BY REF_AREA
