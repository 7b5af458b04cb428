-- Purpose: who sent which file when, and of which States it tells.
-- One row is: one accepted file. Inputs: submission, observation, treaty_action.
SELECT s.accepted_seq, s.submission_id, s.source_agency, s.file_name, strftime(s.received_at, '%Y-%m-%d'),
       coalesce((SELECT string_agg(DISTINCT a.REF_AREA, ' ') FROM (
           SELECT submission_id, REF_AREA FROM observation UNION SELECT submission_id, REF_AREA FROM treaty_action) a
        WHERE a.submission_id = s.submission_id), '')
FROM submission s
ORDER BY s.accepted_seq
