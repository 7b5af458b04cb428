-- Purpose: the sum of the parts, for every total over the dimensions that a
-- breakdown splits completely (table breakdown), whether or not the total was
-- reported. A file that gives parts in several ways (by sex; by sex and age)
-- gives several sums of one total; each is a row, so that they can be compared.
-- One row in: one key with top-level codes only (no part is added twice).
-- One row out: one total, made over the dimensions in summed_over. Parameter 1: the submission.
INSERT INTO work
WITH best AS ( -- one row a key: the figure as reported before one that was made
    SELECT * FROM work
    WHERE role = 'figure' AND UNIT_MEASURE = 'NUMBER' AND derivation <> 'counted'
    QUALIFY row_number() OVER (PARTITION BY breakdown, FREQ, REF_AREA, INDICATOR, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT,
        DESTINATION, TIME_PERIOD, COUNTING_UNIT, VICTIM_STATUS ORDER BY step, seq) = 1),
part AS (
    SELECT w.*, w.SEX <> '_T' AS p_sex, w.AGE <> '_T' AS p_age, w.EXPLOITATION <> '_T' AS p_exp, w.CITIZENSHIP <> '_T' AS p_cit,
        w.ORIGIN <> '_T' AS p_ori, w.DESTINATION <> '_T' AS p_des
    FROM best w
    LEFT JOIN codelist a ON a.list = 'CL_AGE' AND a.code = w.AGE
    LEFT JOIN codelist e ON e.list = 'CL_EXPLOITATION' AND e.code = w.EXPLOITATION
    WHERE coalesce(a.parent, '') = '' AND coalesce(e.parent, '') = ''
      AND w.breakdown IN (SELECT breakdown FROM breakdown WHERE submission_id = ?)),
cube AS (
    SELECT breakdown, FREQ, REF_AREA, INDICATOR, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION, TIME_PERIOD,
        UNIT_MEASURE, COUNTING_UNIT, VICTIM_STATUS, p_sex, p_age, p_exp, p_cit, p_ori, p_des,
        GROUPING(SEX) AS g_sex, GROUPING(AGE) AS g_age, GROUPING(EXPLOITATION) AS g_exp, GROUPING(CITIZENSHIP) AS g_cit,
        GROUPING(ORIGIN) AS g_ori, GROUPING(DESTINATION) AS g_des,
        count(*) AS n, count(OBS_VALUE) AS exact, sum(OBS_VALUE) AS v, count(LOWER_BOUND) AS known, sum(LOWER_BOUND) AS lo,
        count(UPPER_BOUND) AS bounded, sum(UPPER_BOUND) AS hi, count(*) FILTER (n_missing > 0 OR LOWER_BOUND IS NULL) AS missing,
        any_value(UNIT_MULT) AS UNIT_MULT, max(DECIMALS) AS DECIMALS, min(OBS_STATUS) AS min_status, max(OBS_STATUS) AS max_status,
        max(CONF_STATUS) AS CONF_STATUS, any_value(IDENTIFIED_BY) AS IDENTIFIED_BY, any_value(COVERAGE) AS COVERAGE,
        any_value(LEGAL_ARTICLE) AS LEGAL_ARTICLE, any_value(PERIOD_AS_REPORTED) AS PERIOD_AS_REPORTED,
        any_value(SOURCE_AGENCY) AS SOURCE_AGENCY, sum(n_cells) AS n_cells, min_by(sheet, seq) AS sheet,
        min_by(split_part(cell, ':', 1), seq) || ':' || max_by(split_part(cell, ':', -1), seq) AS cell,
        min_by(raw_text, seq) AS raw_text, min(seq) AS seq, bool_or(conflict) AS conflict
    FROM part
    GROUP BY breakdown, FREQ, REF_AREA, INDICATOR, TRANSIT, TIME_PERIOD, UNIT_MEASURE, COUNTING_UNIT, VICTIM_STATUS,
        p_sex, p_age, p_exp, p_cit, p_ori, p_des,
        CUBE (SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, DESTINATION)),
split AS (
    SELECT breakdown, bool_or(dimension = 'SEX') AS d_sex, bool_or(dimension = 'AGE') AS d_age, bool_or(dimension = 'EXPLOITATION') AS d_exp,
        bool_or(dimension = 'CITIZENSHIP') AS d_cit, bool_or(dimension = 'ORIGIN') AS d_ori, bool_or(dimension = 'DESTINATION') AS d_des
    FROM breakdown WHERE submission_id = ? GROUP BY breakdown)
SELECT c.breakdown, 'figure', FREQ, REF_AREA, INDICATOR, coalesce(SEX, '_T'), coalesce(AGE, '_T'), coalesce(EXPLOITATION, '_T'),
    coalesce(CITIZENSHIP, '_T'), coalesce(ORIGIN, '_T'), TRANSIT, coalesce(DESTINATION, '_T'), TIME_PERIOD,
    CASE WHEN exact = n THEN v END, lo, CASE WHEN bounded = n THEN hi END, UNIT_MEASURE, UNIT_MULT, DECIMALS,
    CASE WHEN exact = n THEN max_status WHEN known = 0 THEN min_status ELSE 'Q' END,
    CONF_STATUS, COUNTING_UNIT, VICTIM_STATUS, IDENTIFIED_BY, COVERAGE, LEGAL_ARTICLE, PERIOD_AS_REPORTED, SOURCE_AGENCY, '',
    'sum-of-parts', '50_totals', n_cells, missing,
    ltrim(CASE WHEN g_sex = 1 THEN ',SEX' ELSE '' END || CASE WHEN g_age = 1 THEN ',AGE' ELSE '' END
        || CASE WHEN g_exp = 1 THEN ',EXPLOITATION' ELSE '' END || CASE WHEN g_cit = 1 THEN ',CITIZENSHIP' ELSE '' END
        || CASE WHEN g_ori = 1 THEN ',ORIGIN' ELSE '' END || CASE WHEN g_des = 1 THEN ',DESTINATION' ELSE '' END, ','),
    sheet, cell, raw_text, seq, conflict
FROM cube c JOIN split s USING (breakdown)
WHERE g_sex + g_age + g_exp + g_cit + g_ori + g_des > 0
  AND (g_sex = 0 OR (p_sex AND d_sex)) AND (g_age = 0 OR (p_age AND d_age)) AND (g_exp = 0 OR (p_exp AND d_exp))
  AND (g_cit = 0 OR (p_cit AND d_cit)) AND (g_ori = 0 OR (p_ori AND d_ori)) AND (g_des = 0 OR (p_des AND d_des))
ORDER BY seq;
