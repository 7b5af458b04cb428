-- Purpose: to which day the status lists of treaties go. One row is: one instrument, with the submission that is
-- its newest status list. Inputs: treaty_action, submission.
SELECT INSTRUMENT, submission_id, coalesce(strftime(reference_date, '%Y-%m-%d'), '')
FROM (SELECT DISTINCT a.INSTRUMENT, s.submission_id, s.reference_date, s.seq
      FROM treaty_action a JOIN submission s USING (submission_id))
QUALIFY row_number() OVER (PARTITION BY INSTRUMENT ORDER BY reference_date DESC NULLS LAST, seq DESC) = 1
ORDER BY INSTRUMENT
