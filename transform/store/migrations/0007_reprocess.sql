-- The bytes of a file may be read again, after its layout or a code list was corrected: each
-- reading is a submission, of which one is current. file_sha256 is therefore no longer
-- unique, which DuckDB can only have in a new table.
CREATE TABLE submission_0007 (
    submission_id   VARCHAR PRIMARY KEY,
    seq             BIGINT NOT NULL UNIQUE,
    file_sha256     VARCHAR NOT NULL,
    file_name       VARCHAR NOT NULL,
    file_bytes      BIGINT NOT NULL,
    file_format     VARCHAR NOT NULL,
    layout          VARCHAR NOT NULL,
    layout_version  VARCHAR NOT NULL,
    layout_sha256   VARCHAR NOT NULL,
    record          VARCHAR NOT NULL,
    source_agency   VARCHAR NOT NULL,
    repeats         VARCHAR NOT NULL DEFAULT 'conflict',
    reference_date  DATE,
    received_at     TIMESTAMP NOT NULL,
    run_id          VARCHAR NOT NULL,
    reprocess_of    VARCHAR,
    first_seq       BIGINT,
    first_received_at TIMESTAMP
);
INSERT INTO submission_0007 BY NAME FROM submission;
DROP VIEW observation_current;
DROP TABLE submission;
ALTER TABLE submission_0007 RENAME TO submission;
COMMENT ON TABLE submission IS 'One row: one file that was accepted whole, or one that was accepted before and was read again (tipstat reprocess).';
COMMENT ON COLUMN submission.submission_id IS 'First 12 hex digits of the file''s SHA-256; of the second reading of the same bytes with -2, and so on.';
COMMENT ON COLUMN submission.seq IS 'Order of acceptance; newer supersedes older. Not a clock.';
COMMENT ON COLUMN submission.file_sha256 IS 'SHA-256 of the file; accepted files are kept under it in the workspace''s folder originals.';
COMMENT ON COLUMN submission.file_name IS 'Name of the file, without its folder.';
COMMENT ON COLUMN submission.file_bytes IS 'Size of the file in bytes.';
COMMENT ON COLUMN submission.file_format IS 'What the file is by its content: xlsx, csv, ods or sdmx-ml.';
COMMENT ON COLUMN submission.layout IS 'Id of the layout that the file was read by.';
COMMENT ON COLUMN submission.layout_version IS 'Version that the layout gives itself.';
COMMENT ON COLUMN submission.source_agency IS 'Who publishes the file, a code of CL_AGENCY.';
COMMENT ON COLUMN submission.received_at IS 'Time of acceptance, UTC.';
COMMENT ON COLUMN submission.layout_sha256 IS 'SHA-256 of the layout''s file: a layout may change without a new version.';
COMMENT ON COLUMN submission.record IS 'Kinds of record that the layout reads, codes of CL_RECORD parted by commas.';
COMMENT ON COLUMN submission.run_id IS 'The call of tipstat that stored it (table run).';
COMMENT ON COLUMN submission.repeats IS 'What one key twice means in this layout: conflict (neither is taken), add (separate reports of one place), keep (case rows).';
COMMENT ON COLUMN submission.reference_date IS 'Day up to which the source is complete, as declared on ingestion or by the last action in the file (treaties).';
COMMENT ON COLUMN submission.reprocess_of IS 'The reading of the same bytes that it was made in place of (table submission); NULL for a first reading.';
COMMENT ON COLUMN submission.first_seq IS 'seq of the first reading of the bytes, in whose place among the submissions it stands; NULL for a first reading.';
COMMENT ON COLUMN submission.first_received_at IS 'When the file was received; NULL for a first reading.';

CREATE VIEW observation_current AS
SELECT o.*
FROM observation o
JOIN submission s USING (submission_id)
WHERE o.submission_id NOT IN (SELECT submission_id FROM submission_withdrawn)
QUALIFY coalesce(s.first_seq, s.seq) = max(coalesce(s.first_seq, s.seq)) OVER (
    PARTITION BY s.layout, o.SOURCE_AGENCY, o.REF_AREA, o.INDICATOR, o.breakdown, o.TIME_PERIOD);
COMMENT ON VIEW observation_current IS 'The observations of the newest vintage that is not withdrawn: what tables are made from.';
