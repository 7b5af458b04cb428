-- The store's first shape. Every table and view carries a comment, and every
-- column whose name does not say it all, so that a statistician who opens the
-- file with any DuckDB client can read it. Columns in capitals are components of
-- the structure (transform/record/structure.csv).
-- Rows under `submission` are written once and never changed.

CREATE TABLE run (
    run_id      VARCHAR PRIMARY KEY,
    started_at  TIMESTAMP NOT NULL,
    version     VARCHAR NOT NULL,
    command     VARCHAR NOT NULL
);
COMMENT ON TABLE run IS 'One row: one call of tipstat that wrote to the store.';

CREATE TABLE submission (
    submission_id   VARCHAR PRIMARY KEY,
    seq             BIGINT NOT NULL UNIQUE,
    file_sha256     VARCHAR NOT NULL UNIQUE,
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
    run_id          VARCHAR NOT NULL
);
COMMENT ON TABLE submission IS 'One row: one file that was accepted whole. The same bytes are accepted once.';
COMMENT ON COLUMN submission.submission_id IS 'First 12 hex digits of the file''s SHA-256.';
COMMENT ON COLUMN submission.seq IS 'Order of acceptance; newer supersedes older. Not a clock.';
COMMENT ON COLUMN submission.layout_sha256 IS 'SHA-256 of the layout''s file: a layout may change without a new version.';
COMMENT ON COLUMN submission.record IS 'Kind of record that the layout reads, a code of CL_RECORD.';
COMMENT ON COLUMN submission.run_id IS 'The call of tipstat that stored it (table run).';
COMMENT ON COLUMN submission.repeats IS 'What one key twice means in this layout: conflict (neither is taken), add (separate reports of one place), keep (case rows).';
COMMENT ON COLUMN submission.reference_date IS 'Day up to which the source is complete, as declared on ingestion or by the last action in the file (treaties).';

-- An aggregate figure as it stands in one cell of a file, in the words of the structure.
CREATE TABLE figure (
    submission_id   VARCHAR NOT NULL,
    row_seq         BIGINT NOT NULL,
    sheet           VARCHAR NOT NULL,
    row_no          INTEGER NOT NULL,
    cell            VARCHAR NOT NULL,
    raw_text        VARCHAR NOT NULL,
    breakdown       VARCHAR NOT NULL,
    role            VARCHAR NOT NULL,
    area_detail     VARCHAR NOT NULL,
    FREQ            VARCHAR NOT NULL,
    REF_AREA        VARCHAR NOT NULL,
    INDICATOR       VARCHAR NOT NULL,
    SEX             VARCHAR NOT NULL,
    AGE             VARCHAR NOT NULL,
    EXPLOITATION    VARCHAR NOT NULL,
    CITIZENSHIP     VARCHAR NOT NULL,
    ORIGIN          VARCHAR NOT NULL,
    TRANSIT         VARCHAR NOT NULL,
    DESTINATION     VARCHAR NOT NULL,
    TIME_PERIOD     VARCHAR NOT NULL,
    OBS_VALUE       DOUBLE,
    LOWER_BOUND     DOUBLE,
    UPPER_BOUND     DOUBLE,
    UNIT_MEASURE    VARCHAR NOT NULL,
    UNIT_MULT       INTEGER NOT NULL,
    DECIMALS        INTEGER NOT NULL,
    OBS_STATUS      VARCHAR NOT NULL,
    CONF_STATUS     VARCHAR NOT NULL,
    COUNTING_UNIT   VARCHAR NOT NULL,
    VICTIM_STATUS   VARCHAR NOT NULL,
    IDENTIFIED_BY   VARCHAR NOT NULL,
    COVERAGE        VARCHAR NOT NULL,
    LEGAL_ARTICLE   VARCHAR NOT NULL,
    PERIOD_AS_REPORTED VARCHAR NOT NULL,
    SOURCE_AGENCY   VARCHAR NOT NULL,
    COMMENT_OBS     VARCHAR NOT NULL
);
COMMENT ON TABLE figure IS 'One row: one figure as reported in one cell of an accepted file.';
COMMENT ON COLUMN figure.row_seq IS 'Order of reading within the file, from 1.';
COMMENT ON COLUMN figure.row_no IS 'Number of the row in its sheet, from 1.';
COMMENT ON COLUMN figure.cell IS 'Address of the cell that holds the figure, in A1 notation.';
COMMENT ON COLUMN figure.raw_text IS 'The text found in the cell.';
COMMENT ON COLUMN figure.breakdown IS 'The table inside the file that the figure belongs to (for example total, age-sex, purpose). Totals are checked against parts within one breakdown.';
COMMENT ON COLUMN figure.role IS 'figure, or check: a second total of the same thing, kept to be compared and never shown in its place.';
COMMENT ON COLUMN figure.area_detail IS 'Sub-national place as reported; empty when the figure is national.';

-- One person (or one case) a row: only what the record needs, no identifiers.
CREATE TABLE case_row (
    submission_id   VARCHAR NOT NULL,
    row_seq         BIGINT NOT NULL,
    sheet           VARCHAR NOT NULL,
    row_no          INTEGER NOT NULL,
    REF_AREA        VARCHAR NOT NULL,
    INDICATOR       VARCHAR NOT NULL,
    SEX             VARCHAR NOT NULL,
    AGE             VARCHAR NOT NULL,
    EXPLOITATION    VARCHAR NOT NULL,
    CITIZENSHIP     VARCHAR NOT NULL,
    ORIGIN          VARCHAR NOT NULL,
    TRANSIT         VARCHAR NOT NULL,
    DESTINATION     VARCHAR NOT NULL,
    TIME_PERIOD     VARCHAR NOT NULL,
    COUNTING_UNIT   VARCHAR NOT NULL,
    VICTIM_STATUS   VARCHAR NOT NULL,
    IDENTIFIED_BY   VARCHAR NOT NULL,
    COVERAGE        VARCHAR NOT NULL,
    LEGAL_ARTICLE   VARCHAR NOT NULL,
    SOURCE_AGENCY   VARCHAR NOT NULL
);
COMMENT ON TABLE case_row IS 'One row: one case row of an accepted file, reduced to codes. Sensitive: never shown, only counted.';
COMMENT ON COLUMN case_row.row_seq IS 'Order of reading within the file, from 1.';
COMMENT ON COLUMN case_row.row_no IS 'Number of the row in its sheet, from 1.';
COMMENT ON COLUMN case_row.TIME_PERIOD IS 'The month (YYYY-MM), quarter or year; the day is not kept.';

CREATE TABLE treaty_action (
    submission_id   VARCHAR NOT NULL,
    row_seq         BIGINT NOT NULL,
    sheet           VARCHAR NOT NULL,
    row_no          INTEGER NOT NULL,
    cell            VARCHAR NOT NULL,
    raw_text        VARCHAR NOT NULL,
    REF_AREA        VARCHAR NOT NULL,
    INSTRUMENT      VARCHAR NOT NULL,
    ACTION          VARCHAR NOT NULL,
    ACTION_DATE     DATE NOT NULL
);
COMMENT ON TABLE treaty_action IS 'One row: one action of one State under one treaty, as its depositary lists it.';

CREATE TABLE row_account (
    submission_id   VARCHAR NOT NULL,
    sheet           VARCHAR NOT NULL,
    outcome         VARCHAR NOT NULL,
    rule            VARCHAR NOT NULL,
    row_count       BIGINT NOT NULL
);
COMMENT ON TABLE row_account IS 'What became of every row that was read: outcome is observation, out-of-scope (rule: the layout''s) or refused (rule: the finding''s code). The counts of one submission add up to the rows of its sheets.';

CREATE TABLE finding (
    submission_id   VARCHAR NOT NULL,
    seq             INTEGER NOT NULL,
    code            VARCHAR NOT NULL,
    severity        VARCHAR NOT NULL,
    sheet           VARCHAR NOT NULL,
    cell            VARCHAR NOT NULL,
    context_sheet   VARCHAR NOT NULL,
    context_cell    VARCHAR NOT NULL,
    found           VARCHAR NOT NULL,
    expected        VARCHAR NOT NULL,
    proposals       VARCHAR NOT NULL,
    cells           VARCHAR NOT NULL,
    finding_count   BIGINT NOT NULL
);
COMMENT ON TABLE finding IS 'What was said about an accepted submission, with the cell. Texts of a code: tipstat codes findings.';

CREATE TABLE breakdown (
    submission_id   VARCHAR NOT NULL,
    breakdown       VARCHAR NOT NULL,
    dimension       VARCHAR NOT NULL
);
COMMENT ON TABLE breakdown IS 'One row: within this breakdown the rows split their total completely over this dimension, so that a total can be checked or, where none was reported, made.';

-- The one long table: the SDMX structure OAS:TIP(1.0.0).
CREATE TABLE observation (
    obs_id          BIGINT PRIMARY KEY,
    submission_id   VARCHAR NOT NULL,
    breakdown       VARCHAR NOT NULL,
    FREQ            VARCHAR NOT NULL,
    REF_AREA        VARCHAR NOT NULL,
    INDICATOR       VARCHAR NOT NULL,
    SEX             VARCHAR NOT NULL,
    AGE             VARCHAR NOT NULL,
    EXPLOITATION    VARCHAR NOT NULL,
    CITIZENSHIP     VARCHAR NOT NULL,
    ORIGIN          VARCHAR NOT NULL,
    TRANSIT         VARCHAR NOT NULL,
    DESTINATION     VARCHAR NOT NULL,
    TIME_PERIOD     VARCHAR NOT NULL,
    REF_YEAR        INTEGER NOT NULL,
    OBS_VALUE       DOUBLE,
    LOWER_BOUND     DOUBLE,
    UPPER_BOUND     DOUBLE,
    UNIT_MEASURE    VARCHAR NOT NULL,
    UNIT_MULT       INTEGER NOT NULL,
    DECIMALS        INTEGER NOT NULL,
    OBS_STATUS      VARCHAR NOT NULL,
    CONF_STATUS     VARCHAR NOT NULL,
    COUNTING_UNIT   VARCHAR NOT NULL,
    VICTIM_STATUS   VARCHAR NOT NULL,
    IDENTIFIED_BY   VARCHAR NOT NULL,
    COVERAGE        VARCHAR NOT NULL,
    LEGAL_ARTICLE   VARCHAR NOT NULL,
    PERIOD_AS_REPORTED VARCHAR NOT NULL,
    SOURCE_AGENCY   VARCHAR NOT NULL,
    COMMENT_OBS     VARCHAR NOT NULL,
    derivation      VARCHAR NOT NULL,
    step            VARCHAR NOT NULL,
    preferred       BOOLEAN NOT NULL,
    n_cells         BIGINT NOT NULL,
    n_missing       BIGINT NOT NULL,
    summed_over     VARCHAR NOT NULL DEFAULT '',
    sheet           VARCHAR NOT NULL,
    cell            VARCHAR NOT NULL,
    raw_text        VARCHAR NOT NULL,
    grade           VARCHAR NOT NULL,
    grade_reasons   VARCHAR[] NOT NULL
);
COMMENT ON TABLE observation IS 'One row: one figure that one State reported for one period (or that was made from its figures by a step named in the row). Use the view observation_current in tables.';
COMMENT ON COLUMN observation.obs_id IS 'The submission''s seq times 100 000 000, and the place in the submission; the same on every run over the same files.';
COMMENT ON COLUMN observation.submission_id IS 'The file that it comes from (table submission).';
COMMENT ON COLUMN observation.breakdown IS 'The table inside the file that it comes from (see figure.breakdown); cases for counted case rows.';
COMMENT ON COLUMN observation.TIME_PERIOD IS 'SDMX ObservationalTimePeriod: 2023, 2023-05, 2023-Q1, 2023-S1, or a range such as 2022-10-01/P1Y for a fiscal year.';
COMMENT ON COLUMN observation.REF_YEAR IS 'Calendar year that holds most months of the period; the column under which a table shows it.';
COMMENT ON COLUMN observation.OBS_VALUE IS 'The figure; NULL when it is missing (see OBS_STATUS) or known only by its bounds.';
COMMENT ON COLUMN observation.derivation IS 'reported; counted (from case rows); summed (sub-national places or months); rolled-up (to a parent code); sum-of-parts (a total made from its parts); check (a second total, kept to be compared).';
COMMENT ON COLUMN observation.step IS 'The file of the harmonisation that made the row (transform/harmonize/steps).';
COMMENT ON COLUMN observation.preferred IS 'True on the one row of a key that tables use: the reported total where there is one, the sum of its parts otherwise.';
COMMENT ON COLUMN observation.n_cells IS 'Number of cells or case rows behind the figure.';
COMMENT ON COLUMN observation.n_missing IS 'How many of the parts that the step added held no figure, or not a whole one; above 0 the value is only a lower bound.';
COMMENT ON COLUMN observation.summed_over IS 'What the step summed over, parted by commas: AREA_DETAIL, TIME_PERIOD or dimensions; empty for a figure as reported.';
COMMENT ON COLUMN observation.sheet IS 'Sheet of the (first) cell; empty for csv.';
COMMENT ON COLUMN observation.raw_text IS 'Text found in the (first) cell; empty for counted case rows, which are never quoted.';
COMMENT ON COLUMN observation.cell IS 'Address of the cell, or of the first and last cell or row (A2:A99) when there are several; tipstat trace lists them all.';
COMMENT ON COLUMN observation.grade_reasons IS 'Ids of the rules of table comparability that the row meets; empty for grade A.';
COMMENT ON COLUMN observation.grade IS 'Comparability A to D by the rules in codelists and comparability.csv; grade_reasons holds the ids of the rules that lowered it.';

-- Vocabulary, as tables, refreshed from the code lists at every start that writes.
CREATE TABLE codelist (
    list VARCHAR NOT NULL, code VARCHAR NOT NULL, parent VARCHAR NOT NULL, position INTEGER NOT NULL,
    en VARCHAR NOT NULL, es VARCHAR NOT NULL, pt VARCHAR NOT NULL, fr VARCHAR NOT NULL,
    source VARCHAR NOT NULL, ictip VARCHAR
);
COMMENT ON TABLE codelist IS 'One row: one code of one list, with its labels. ictip stays NULL until IC-TIP''s codes can be had.';

CREATE TABLE synonym (
    list VARCHAR NOT NULL, spelling VARCHAR NOT NULL, code VARCHAR NOT NULL,
    valid_from VARCHAR NOT NULL, valid_to VARCHAR NOT NULL, source VARCHAR NOT NULL
);
COMMENT ON TABLE synonym IS 'One row: one spelling found in national files and the code it stands for.';

CREATE TABLE area_group (
    area_group VARCHAR NOT NULL, REF_AREA VARCHAR NOT NULL, status VARCHAR NOT NULL,
    valid_from VARCHAR NOT NULL, valid_to VARCHAR NOT NULL, source VARCHAR NOT NULL
);
COMMENT ON TABLE area_group IS 'Dated membership of States in the OAS and its subregions: member, not-participating, withdrawn, disputed.';

CREATE TABLE comparability (
    rule VARCHAR NOT NULL, INDICATOR VARCHAR NOT NULL, attribute VARCHAR NOT NULL, attribute_value VARCHAR NOT NULL,
    grade VARCHAR NOT NULL, en VARCHAR NOT NULL, es VARCHAR NOT NULL, pt VARCHAR NOT NULL, fr VARCHAR NOT NULL
);
COMMENT ON TABLE comparability IS 'One row: one rule; an observation''s grade is the worst of the rules that its attributes meet.';

CREATE TABLE setting (name VARCHAR NOT NULL, setting_value VARCHAR NOT NULL);
COMMENT ON TABLE setting IS 'What the store knows of itself: the hash of the vocabulary that stands in it.';

-- First day and number of months of an SDMX ObservationalTimePeriod.
CREATE MACRO period_start(tp) AS CASE
    WHEN length(tp) = 4 THEN TRY_CAST(tp || '-01-01' AS DATE)
    WHEN substr(tp, 6, 1) = 'Q' THEN make_date(TRY_CAST(left(tp, 4) AS INTEGER), TRY_CAST(right(tp, 1) AS INTEGER) * 3 - 2, 1)
    WHEN substr(tp, 6, 1) = 'S' THEN make_date(TRY_CAST(left(tp, 4) AS INTEGER), TRY_CAST(right(tp, 1) AS INTEGER) * 6 - 5, 1)
    WHEN length(tp) = 7 THEN TRY_CAST(tp || '-01' AS DATE)
    ELSE TRY_CAST(left(tp, 10) AS DATE) END;
CREATE MACRO period_months(tp) AS CASE
    WHEN length(tp) = 4 THEN 12
    WHEN substr(tp, 6, 1) = 'Q' THEN 3
    WHEN substr(tp, 6, 1) = 'S' THEN 6
    WHEN length(tp) = 7 THEN 1
    WHEN tp LIKE '%/P1Y' THEN 12
    ELSE TRY_CAST(regexp_extract(tp, '/P([0-9]+)M', 1) AS INTEGER) END;
-- Calendar year that holds most months of a period (the later of equals).
CREATE MACRO ref_year(tp) AS CAST(year(period_start(tp) + to_months(CAST(period_months(tp) // 2 AS INTEGER))) AS INTEGER);

-- First and last year of age of a band of CL_AGE (Y12T17, Y_GE18); the last is
-- NULL for an open band, both for codes that are no band.
CREATE MACRO age_from(code) AS TRY_CAST(regexp_extract(code, '^Y(?:_GE)?([0-9]+)', 1) AS INTEGER);
CREATE MACRO age_to(code) AS TRY_CAST(regexp_extract(code, '^Y[0-9]+T([0-9]+)$', 1) AS INTEGER);
-- What figures that are added up have in common: their text where it is one, the other word where they differ.
CREATE MACRO in_common(x, otherwise) AS CASE WHEN min(x) = max(x) THEN min(x) ELSE otherwise END;

-- A newer submission of the same layout supersedes what it reports again: the
-- same source, State, indicator, breakdown and period. Both stay stored.
CREATE VIEW observation_current AS
SELECT o.*
FROM observation o
JOIN submission s USING (submission_id)
QUALIFY s.seq = max(s.seq) OVER (
    PARTITION BY s.layout, o.SOURCE_AGENCY, o.REF_AREA, o.INDICATOR, o.breakdown, o.TIME_PERIOD);
COMMENT ON VIEW observation_current IS 'The observations of the newest vintage: what tables are made from.';
