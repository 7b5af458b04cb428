-- Purpose: figures as reported become observations; a key that stands in
-- several cells is one observation when the cells agree (or the layout says
-- that repeats add up), and has no value when they differ.
-- One row in: one figure of the submission (parameter 1).
-- One row out: one key; sub-national places stay apart (derivation 'place',
-- the place in COMMENT_OBS) until step 20.
INSERT INTO work
WITH cells AS (
    SELECT breakdown, role, area_detail, FREQ, REF_AREA, INDICATOR, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT,
        DESTINATION, TIME_PERIOD, UNIT_MEASURE, COUNTING_UNIT, VICTIM_STATUS, s.repeats,
        count(*) AS n, count(LOWER_BOUND) AS known, count(OBS_VALUE) AS exact,
        count(DISTINCT row(OBS_VALUE, LOWER_BOUND, UPPER_BOUND, OBS_STATUS)) AS different,
        min(OBS_VALUE) AS one_value, min(LOWER_BOUND) AS one_lower, min(UPPER_BOUND) AS one_upper,
        min(OBS_STATUS) AS one_status,
        sum(OBS_VALUE) AS sum_value, sum(LOWER_BOUND) AS sum_lower, sum(UPPER_BOUND) AS sum_upper, count(UPPER_BOUND) AS bounded,
        min(UNIT_MULT) AS UNIT_MULT, max(DECIMALS) AS DECIMALS, max(CONF_STATUS) AS CONF_STATUS,
        in_common(IDENTIFIED_BY, 'MULTIPLE') AS IDENTIFIED_BY, in_common(COVERAGE, 'PARTIAL') AS COVERAGE, in_common(LEGAL_ARTICLE, '') AS LEGAL_ARTICLE,
        in_common(PERIOD_AS_REPORTED, '') AS PERIOD_AS_REPORTED, min(figure.SOURCE_AGENCY) AS SOURCE_AGENCY,
        in_common(COMMENT_OBS, '') AS COMMENT_OBS,
        min_by(sheet, row_seq) AS sheet, min_by(cell, row_seq) AS first_cell, max_by(cell, row_seq) AS last_cell,
        min_by(raw_text, row_seq) AS raw_text, min(row_seq) AS seq
    FROM figure JOIN submission s USING (submission_id)
    WHERE submission_id = ?
    GROUP BY breakdown, role, area_detail, FREQ, REF_AREA, INDICATOR, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT,
        DESTINATION, TIME_PERIOD, UNIT_MEASURE, COUNTING_UNIT, VICTIM_STATUS, s.repeats)
SELECT breakdown, role, FREQ, REF_AREA, INDICATOR, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION, TIME_PERIOD,
    CASE WHEN different = 1 AND (n = 1 OR repeats <> 'add') THEN one_value WHEN repeats = 'add' AND exact = n THEN sum_value END,
    CASE WHEN different = 1 AND (n = 1 OR repeats <> 'add') THEN one_lower WHEN repeats = 'add' THEN sum_lower END,
    CASE WHEN different = 1 AND (n = 1 OR repeats <> 'add') THEN one_upper WHEN repeats = 'add' AND bounded = n THEN sum_upper END,
    UNIT_MEASURE, UNIT_MULT, DECIMALS,
    CASE WHEN different = 1 THEN one_status WHEN repeats <> 'add' OR known = 0 THEN 'O' WHEN exact = n THEN 'A' ELSE 'Q' END,
    CONF_STATUS, COUNTING_UNIT, VICTIM_STATUS, IDENTIFIED_BY, COVERAGE, LEGAL_ARTICLE, PERIOD_AS_REPORTED, SOURCE_AGENCY,
    CASE WHEN area_detail = '' THEN COMMENT_OBS ELSE area_detail END,
    CASE WHEN area_detail = '' THEN 'reported' ELSE 'place' END, '10_reported',
    n, CASE WHEN repeats = 'add' THEN n - known ELSE 0 END, '',
    sheet, CASE WHEN n = 1 THEN first_cell ELSE first_cell || ':' || last_cell END, raw_text, seq,
    repeats <> 'add' AND different > 1
FROM cells
ORDER BY seq;
