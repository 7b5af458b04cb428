-- Purpose: what States did under each treaty up to a day, as the newest status list of each treaty has it.
-- One row is: one action of one State under one treaty.
-- Inputs: treaty_action, submission. Parameters: $states (JSON list of area codes), $as_of (YYYY-MM-DD).
WITH list AS (
    SELECT INSTRUMENT, submission_id
    FROM (SELECT DISTINCT a.INSTRUMENT, s.submission_id, s.reference_date, s.seq
          FROM treaty_action a JOIN submission s USING (submission_id))
    QUALIFY row_number() OVER (PARTITION BY INSTRUMENT ORDER BY reference_date DESC NULLS LAST, seq DESC) = 1)
SELECT a.REF_AREA, a.INSTRUMENT, a.ACTION, strftime(a.ACTION_DATE, '%Y-%m-%d') AS ACTION_DATE,
       a.submission_id, a.row_seq, a.sheet, a.cell, a.raw_text
FROM treaty_action a JOIN list USING (INSTRUMENT, submission_id)
WHERE a.REF_AREA IN (SELECT unnest(from_json($states, '["VARCHAR"]')))
  AND a.ACTION_DATE <= CAST($as_of AS DATE)
ORDER BY ALL
