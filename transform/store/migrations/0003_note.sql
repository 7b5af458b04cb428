-- What those who sent a file say of its figures, in their own words.

CREATE TABLE note (
    submission_id   VARCHAR NOT NULL,
    seq             INTEGER NOT NULL,
    code            VARCHAR NOT NULL,
    sheet           VARCHAR NOT NULL,
    cell            VARCHAR NOT NULL,
    cells           VARCHAR NOT NULL,
    lang            VARCHAR NOT NULL,
    note_text       VARCHAR NOT NULL
);
COMMENT ON TABLE note IS 'One row: one remark of those who sent the file: the explanation of a finding, or a note written into the form. It is published as a footnote.';
COMMENT ON COLUMN note.submission_id IS 'The file that it is about (table submission).';
COMMENT ON COLUMN note.seq IS 'Order in the file, from 1.';
COMMENT ON COLUMN note.code IS 'Code of the finding that it explains; empty for a note of the form.';
COMMENT ON COLUMN note.sheet IS 'Sheet that it is about; empty for csv, or for the whole file.';
COMMENT ON COLUMN note.cell IS 'Cell or range that it is about; empty for the whole sheet.';
COMMENT ON COLUMN note.cells IS 'Further cells that it is about, parted by commas.';
COMMENT ON COLUMN note.lang IS 'Language of the form or review that it was written into.';
COMMENT ON COLUMN note.note_text IS 'The remark as it was written.';

-- Whether a reference (B7, B7:D9; B:B and 7:7 are without bound) holds a cell.
CREATE MACRO column_number(ref) AS CASE length(regexp_extract(ref, '^[A-Z]*'))
    WHEN 1 THEN ascii(ref) - 64
    WHEN 2 THEN 26 * (ascii(ref) - 64) + ascii(ref[2:]) - 64
    WHEN 3 THEN 676 * (ascii(ref) - 64) + 26 * (ascii(ref[2:]) - 64) + ascii(ref[3:]) - 64 END;
CREATE MACRO first_cell(ref) AS split_part(ref, ':', 1);
CREATE MACRO last_cell(ref) AS CASE WHEN contains(ref, ':') THEN split_part(ref, ':', 2) ELSE ref END;
CREATE MACRO row_number_of(ref) AS TRY_CAST(regexp_extract(ref, '[0-9]+$') AS BIGINT);
CREATE MACRO holds_cell(ref, cell) AS
    coalesce(row_number_of(cell) BETWEEN row_number_of(first_cell(ref)) AND row_number_of(last_cell(ref)), NOT regexp_matches(ref, '[0-9]'))
    AND (NOT regexp_matches(ref, '[A-Z]') OR column_number(cell) BETWEEN column_number(first_cell(ref)) AND column_number(last_cell(ref)));

CREATE TABLE observation_note (
    obs_id          BIGINT NOT NULL,
    submission_id   VARCHAR NOT NULL,
    note_seq        INTEGER NOT NULL
);
COMMENT ON TABLE observation_note IS 'One row: one remark that goes with one observation as a footnote, since it is about a cell that the observation is made from.';
COMMENT ON COLUMN observation_note.obs_id IS 'The observation (table observation).';
COMMENT ON COLUMN observation_note.submission_id IS 'The file that both come from.';
COMMENT ON COLUMN observation_note.note_seq IS 'The remark: seq of table note within the submission.';
