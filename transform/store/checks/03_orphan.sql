-- No row is of a submission, a run, a figure or a remark that is not there.
SELECT subject, id || ' (' || count(*) || ')' AS found, expected
FROM (
    SELECT 'run' AS subject, run_id AS id, 'table run' AS expected FROM submission ANTI JOIN run USING (run_id)
    UNION ALL SELECT 'figure', submission_id, 'table submission' FROM figure ANTI JOIN submission USING (submission_id)
    UNION ALL SELECT 'case_row', submission_id, 'table submission' FROM case_row ANTI JOIN submission USING (submission_id)
    UNION ALL SELECT 'treaty_action', submission_id, 'table submission' FROM treaty_action ANTI JOIN submission USING (submission_id)
    UNION ALL SELECT 'row_account', submission_id, 'table submission' FROM row_account ANTI JOIN submission USING (submission_id)
    UNION ALL SELECT 'finding', submission_id, 'table submission' FROM finding ANTI JOIN submission USING (submission_id)
    UNION ALL SELECT 'breakdown', submission_id, 'table submission' FROM breakdown ANTI JOIN submission USING (submission_id)
    UNION ALL SELECT 'observation', submission_id, 'table submission' FROM observation ANTI JOIN submission USING (submission_id)
    UNION ALL SELECT 'note', submission_id, 'table submission' FROM note ANTI JOIN submission USING (submission_id)
    UNION ALL SELECT 'decision', submission_id, 'table submission' FROM decision ANTI JOIN submission USING (submission_id)
    UNION ALL SELECT 'observation_note', obs_id::VARCHAR, 'table observation' FROM observation_note ANTI JOIN observation USING (obs_id)
    UNION ALL SELECT 'observation_note', submission_id || ' ' || note_seq, 'table note' FROM observation_note o
        WHERE NOT EXISTS (FROM note n WHERE n.submission_id = o.submission_id AND n.seq = o.note_seq)
)
GROUP BY subject, expected, id ORDER BY ALL
