-- Purpose: an empty work table for the observations of one submission.
-- One row: one figure of one State for one period, not yet graded.
CREATE OR REPLACE TEMP TABLE work (
    breakdown VARCHAR, role VARCHAR,
    FREQ VARCHAR, REF_AREA VARCHAR, INDICATOR VARCHAR, SEX VARCHAR, AGE VARCHAR, EXPLOITATION VARCHAR, CITIZENSHIP VARCHAR,
    ORIGIN VARCHAR, TRANSIT VARCHAR, DESTINATION VARCHAR, TIME_PERIOD VARCHAR,
    OBS_VALUE DOUBLE, LOWER_BOUND DOUBLE, UPPER_BOUND DOUBLE,
    UNIT_MEASURE VARCHAR, UNIT_MULT INTEGER, DECIMALS INTEGER, OBS_STATUS VARCHAR, CONF_STATUS VARCHAR,
    COUNTING_UNIT VARCHAR, VICTIM_STATUS VARCHAR, IDENTIFIED_BY VARCHAR, COVERAGE VARCHAR, LEGAL_ARTICLE VARCHAR,
    PERIOD_AS_REPORTED VARCHAR, SOURCE_AGENCY VARCHAR, COMMENT_OBS VARCHAR,
    derivation VARCHAR, step VARCHAR, n_cells BIGINT, n_missing BIGINT, summed_over VARCHAR,
    sheet VARCHAR, cell VARCHAR, raw_text VARCHAR,
    seq BIGINT, conflict BOOLEAN);

-- How parts become one figure; the steps below use these words.
-- A sum, in decimals: the same in whatever order.
CREATE OR REPLACE TEMP MACRO total(v) AS CAST(sum(CAST(v AS DECIMAL(38, 9))) AS DOUBLE);
-- The sum when every part has the number, and all parts are there (complete).
CREATE OR REPLACE TEMP MACRO whole_total(v, complete) AS CASE WHEN complete AND count(*) = count(v) THEN total(v) END;
-- Status: that of the figures when all are figures; Q when bounds make a range;
-- the kind of nothing when there is but one; else Q when only withheld parts are lacking, O when others are.
CREATE OR REPLACE TEMP MACRO sum_status(s, v, lo, hi, complete) AS CASE
    WHEN complete AND count(*) = count(v) THEN max(s)
    WHEN complete AND count(*) = count(hi) THEN 'Q'
    WHEN count(lo) = 0 AND min(s) = max(s) THEN min(s)
    WHEN complete AND count(*) FILTER (hi IS NULL AND s <> 'Q') = 0 THEN 'Q'
    ELSE 'O' END;
-- Free only when every part is.
CREATE OR REPLACE TEMP MACRO sum_conf(c) AS coalesce(max(c) FILTER (c <> 'F'), 'F');
-- How many parts are not wholly known.
CREATE OR REPLACE TEMP MACRO parts_missing(missing, lo) AS count(*) FILTER (missing > 0 OR lo IS NULL);
-- What the parts were summed over, and one dimension more.
CREATE OR REPLACE TEMP MACRO over_too(x, dimension) AS
    ltrim(array_to_string(list_sort(list_distinct(list_append(flatten(list(string_split(x, ','))), dimension))), ','), ',');
-- From the first cell to the last.
CREATE OR REPLACE TEMP MACRO cell_range(cell, seq) AS min_by(split_part(cell, ':', 1), seq)
    || CASE WHEN count(*) > 1 OR bool_or(contains(cell, ':')) THEN ':' || max_by(split_part(cell, ':', -1), seq) ELSE '' END;
