-- Purpose: the files behind the figures of each State and agency.
-- One row: one file. Inputs: sdmx_observation, submission.
SELECT f.REF_AREA, f.SOURCE_AGENCY, s.file_name, s.file_sha256, s.layout, s.layout_version, strftime(s.received_at, '%Y-%m-%d'),
    coalesce(strftime(s.reference_date, '%Y-%m-%d'), '')
FROM (SELECT DISTINCT REF_AREA, SOURCE_AGENCY, submission_id FROM sdmx_observation) f
JOIN submission s USING (submission_id)
ORDER BY f.REF_AREA, f.SOURCE_AGENCY, s.seq
