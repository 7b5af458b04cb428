-- Purpose: who sent which file when, and of which States it tells.
-- One row is: one accepted file, or one that was read again: then where its first reading stands
-- in the order of acceptance, and when and why it was read again; a reason with a number other
-- than a year may tell a figure, and is left out. Inputs: submission, decision, observation, treaty_action.
SELECT s.accepted_seq, s.submission_id, s.source_agency, s.file_name, strftime(s.received_at, '%Y-%m-%d'),
       coalesce((SELECT string_agg(DISTINCT a.REF_AREA, ' ') FROM (
           SELECT submission_id, REF_AREA FROM observation UNION SELECT submission_id, REF_AREA FROM treaty_action) a
        WHERE a.submission_id = s.submission_id), ''),
       coalesce(CASE WHEN s.reprocess_of IS NOT NULL THEN s.seq END, 0), coalesce(strftime(d.decided_at, '%Y-%m-%d'), ''),
       CASE WHEN regexp_matches(regexp_replace(d.reason, '\b(19|20)\d\d\b', '', 'g'), '\p{N}') THEN '' ELSE coalesce(d.reason, '') END
FROM submission s
LEFT JOIN decision d ON d.submission_id = s.reprocess_of AND d.action = 'withdraw' AND d.run_id = s.run_id
ORDER BY s.accepted_seq
