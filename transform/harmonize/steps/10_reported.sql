-- Purpose: figures as reported become observations; a key that stands in
-- several cells is one observation when the cells agree (or the layout says
-- that repeats add up), and has no value when they differ.
-- One row in: one figure of the submission (parameter 1).
-- One row out: one key; sub-national places stay apart (derivation 'place',
-- the place in COMMENT_OBS) until step 20.
INSERT INTO work
WITH cells AS (
    SELECT breakdown, role, area_detail, FREQ, REF_AREA, INDICATOR, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT,
        DESTINATION, TIME_PERIOD, UNIT_MEASURE, UNIT_MULT, COUNTING_UNIT, VICTIM_STATUS, s.repeats = 'add' AS adds,
        count(*) AS n, count(LOWER_BOUND) AS known,
        -- a flag beside a figure (provisional, break) does not make it another figure; two kinds of nothing differ
        count(DISTINCT row(OBS_VALUE, LOWER_BOUND, UPPER_BOUND, CASE WHEN LOWER_BOUND IS NULL THEN OBS_STATUS END,
            IDENTIFIED_BY, COVERAGE, LEGAL_ARTICLE)) AS different, -- the same figure of two offices is not one figure
        max(OBS_VALUE) AS one_value, max(LOWER_BOUND) AS one_lower, max(UPPER_BOUND) AS one_upper, max(OBS_STATUS) AS one_status,
        whole_total(OBS_VALUE, true) AS sum_value, total(LOWER_BOUND) AS sum_lower, whole_total(UPPER_BOUND, true) AS sum_upper,
        sum_status(OBS_STATUS, OBS_VALUE, LOWER_BOUND, UPPER_BOUND, true) AS added_status,
        max(DECIMALS) AS DECIMALS, sum_conf(CONF_STATUS) AS CONF_STATUS,
        in_common(IDENTIFIED_BY, 'MULTIPLE') AS IDENTIFIED_BY, in_common(COVERAGE, 'PARTIAL') AS COVERAGE, in_common(LEGAL_ARTICLE, '') AS LEGAL_ARTICLE,
        in_common(PERIOD_AS_REPORTED, '') AS PERIOD_AS_REPORTED, min(figure.SOURCE_AGENCY) AS SOURCE_AGENCY,
        in_common(COMMENT_OBS, '') AS COMMENT_OBS,
        min_by(sheet, row_seq) AS sheet, min_by(cell, row_seq) AS first_cell, max_by(cell, row_seq) AS last_cell,
        min_by(raw_text, row_seq) AS raw_text, min(row_seq) AS seq
    FROM figure JOIN submission s USING (submission_id)
    WHERE submission_id = ? AND derivation IS NULL -- the others: step 60
    GROUP BY breakdown, role, area_detail, FREQ, REF_AREA, INDICATOR, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT,
        DESTINATION, TIME_PERIOD, UNIT_MEASURE, UNIT_MULT, COUNTING_UNIT, VICTIM_STATUS, adds),
judged AS (SELECT *, NOT adds AND different > 1 AS conflict FROM cells)
SELECT breakdown, role, FREQ, REF_AREA, INDICATOR, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION, TIME_PERIOD,
    CASE WHEN adds THEN sum_value WHEN NOT conflict THEN one_value END,
    CASE WHEN adds THEN sum_lower WHEN NOT conflict THEN one_lower END,
    CASE WHEN adds THEN sum_upper WHEN NOT conflict THEN one_upper END,
    UNIT_MEASURE, UNIT_MULT, DECIMALS,
    CASE WHEN adds THEN added_status WHEN conflict THEN 'O' ELSE one_status END,
    CONF_STATUS, COUNTING_UNIT, VICTIM_STATUS, IDENTIFIED_BY, COVERAGE, LEGAL_ARTICLE, PERIOD_AS_REPORTED, SOURCE_AGENCY,
    CASE WHEN area_detail = '' THEN COMMENT_OBS ELSE area_detail END,
    CASE WHEN area_detail = '' THEN 'reported' ELSE 'place' END, '10_reported',
    n, CASE WHEN adds AND n > 1 THEN n - known ELSE 0 END, '',
    sheet, CASE WHEN n = 1 THEN first_cell ELSE first_cell || ':' || last_cell END, raw_text, seq, conflict
FROM judged
ORDER BY seq;
