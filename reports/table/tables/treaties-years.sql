-- Purpose: how many States are party to each treaty at the end of each year, by the newest list of each depositary.
-- One row is: one year. A treaty without a list in the store has no count.
-- Inputs: treaty_action, submission. Parameters: $states (JSON list of area codes), $from_year, $to_year, $as_of (YYYY-MM-DD).
WITH list AS (
    SELECT INSTRUMENT, submission_id, reference_date
    FROM (SELECT DISTINCT a.INSTRUMENT, s.submission_id, s.reference_date, s.seq
          FROM treaty_action a JOIN submission s USING (submission_id))
    QUALIFY row_number() OVER (PARTITION BY INSTRUMENT ORDER BY reference_date DESC NULLS LAST, seq DESC) = 1),
party AS (
    SELECT a.INSTRUMENT, a.REF_AREA, year(min(a.ACTION_DATE)) AS since
    FROM treaty_action a JOIN list USING (INSTRUMENT, submission_id)
    WHERE a.ACTION IN ('RATIFICATION', 'ACCESSION', 'ACCEPTANCE', 'APPROVAL', 'SUCCESSION', 'CONSENT_U')
      AND a.REF_AREA IN (SELECT unnest(from_json($states, '["VARCHAR"]')))
      AND ($as_of = '' OR a.ACTION_DATE <= TRY_CAST($as_of AS DATE))
    GROUP BY ALL),
span AS (
    SELECT unnest(range(greatest((SELECT min(since) FROM party), $from_year),
        least((SELECT max(coalesce(year(reference_date), (SELECT max(since) FROM party))) FROM list), $to_year) + 1)) AS REF_YEAR),
n AS (
    SELECT span.REF_YEAR, list.INSTRUMENT, count(party.REF_AREA) AS parties
    FROM span CROSS JOIN list LEFT JOIN party ON party.INSTRUMENT = list.INSTRUMENT AND party.since <= span.REF_YEAR
    GROUP BY ALL)
SELECT REF_YEAR, max(parties) FILTER (INSTRUMENT = 'UNTOC') AS UNTOC, max(parties) FILTER (INSTRUMENT = 'TIP_PROTOCOL') AS TIP_PROTOCOL,
       max(parties) FILTER (INSTRUMENT = 'SMUGGLING_PROTOCOL') AS SMUGGLING_PROTOCOL,
       max(parties) FILTER (INSTRUMENT = 'FIREARMS_PROTOCOL') AS FIREARMS_PROTOCOL, max(parties) FILTER (INSTRUMENT = 'CIFTA') AS CIFTA,
       (SELECT list(submission_id ORDER BY submission_id) FROM list) AS SUBMISSION_ID
FROM n
GROUP BY REF_YEAR
ORDER BY REF_YEAR
