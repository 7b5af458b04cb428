-- Purpose: the sum of the parts, for every total over the dimensions that a
-- breakdown splits completely (table breakdown), whether or not the total was
-- reported. A file that gives parts in several ways (by sex; by sex and age)
-- gives several sums of one total; each is a row, so that they can be compared.
-- A sum over women without men, or over adults without children, or the other
-- way round, is not the whole: only a lower bound, since a row that is not in
-- the file is not a zero.
-- One row in: one key with top-level codes only (no part is added twice).
-- One row out: one total, made over the dimensions in summed_over.
-- Parameter, each time: the submission.
INSERT INTO work
WITH split AS ( -- the dimensions that a breakdown splits
    SELECT breakdown, list(DISTINCT dimension) AS dimensions FROM breakdown WHERE submission_id = ? GROUP BY breakdown),
ways AS ( -- every choice of one or more of them to sum over
    SELECT breakdown, s_sex, s_age, s_exp, s_cit, s_ori, s_des
    FROM split,
        (VALUES (false), (true)) a(s_sex), (VALUES (false), (true)) b(s_age), (VALUES (false), (true)) c(s_exp),
        (VALUES (false), (true)) d(s_cit), (VALUES (false), (true)) e(s_ori), (VALUES (false), (true)) f(s_des)
    WHERE (s_sex OR s_age OR s_exp OR s_cit OR s_ori OR s_des)
      AND s_sex <= list_contains(dimensions, 'SEX') AND s_age <= list_contains(dimensions, 'AGE')
      AND s_exp <= list_contains(dimensions, 'EXPLOITATION') AND s_cit <= list_contains(dimensions, 'CITIZENSHIP')
      AND s_ori <= list_contains(dimensions, 'ORIGIN') AND s_des <= list_contains(dimensions, 'DESTINATION')),
best AS ( -- one row a key: the figure as reported before one that was made
    SELECT * FROM work
    WHERE role = 'figure' AND UNIT_MEASURE = 'NUMBER' AND derivation <> 'counted'
    QUALIFY row_number() OVER (PARTITION BY breakdown, FREQ, REF_AREA, INDICATOR, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT,
        DESTINATION, TIME_PERIOD, UNIT_MULT, COUNTING_UNIT, VICTIM_STATUS ORDER BY step, seq) = 1),
part AS ( -- each key once for each way that it is a part in, with _T where the way sums
    SELECT w.* REPLACE (CASE WHEN s_sex THEN '_T' ELSE SEX END AS SEX, CASE WHEN s_age THEN '_T' ELSE AGE END AS AGE,
            CASE WHEN s_exp THEN '_T' ELSE EXPLOITATION END AS EXPLOITATION, CASE WHEN s_cit THEN '_T' ELSE CITIZENSHIP END AS CITIZENSHIP,
            CASE WHEN s_ori THEN '_T' ELSE ORIGIN END AS ORIGIN, CASE WHEN s_des THEN '_T' ELSE DESTINATION END AS DESTINATION,
            concat_ws(',', CASE WHEN s_sex THEN 'SEX' END, CASE WHEN s_age THEN 'AGE' END, CASE WHEN s_exp THEN 'EXPLOITATION' END,
                CASE WHEN s_cit THEN 'CITIZENSHIP' END, CASE WHEN s_ori THEN 'ORIGIN' END, CASE WHEN s_des THEN 'DESTINATION' END) AS summed_over),
        CASE WHEN s_sex THEN SEX END AS part_sex, CASE WHEN s_age THEN AGE END AS part_age,
        (NOT s_sex OR SEX IN ('F', 'M')) AND (NOT s_age OR AGE IN ('Y0T17', 'Y_GE18')) AS paired,
        CASE WHEN s_sex THEN 2 ELSE 1 END * CASE WHEN s_age THEN 2 ELSE 1 END AS whole
    FROM best w JOIN ways USING (breakdown)
    LEFT JOIN codelist a ON a.list = 'CL_AGE' AND a.code = w.AGE
    LEFT JOIN codelist x ON x.list = 'CL_EXPLOITATION' AND x.code = w.EXPLOITATION
    WHERE coalesce(a.parent, '') = '' AND coalesce(x.parent, '') = ''
      AND s_sex <= (w.SEX <> '_T') AND s_age <= (w.AGE <> '_T') AND s_exp <= (w.EXPLOITATION <> '_T')
      AND s_cit <= (w.CITIZENSHIP <> '_T') AND s_ori <= (w.ORIGIN <> '_T') AND s_des <= (w.DESTINATION <> '_T')),
sums AS (
    SELECT *, count(DISTINCT (part_sex, part_age)) FILTER (paired) OVER one NOT IN (0, whole) AS halved
    FROM part
    WINDOW one AS (PARTITION BY breakdown, FREQ, REF_AREA, INDICATOR, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION,
        TIME_PERIOD, UNIT_MEASURE, UNIT_MULT, COUNTING_UNIT, VICTIM_STATUS, summed_over))
SELECT breakdown, 'figure', FREQ, REF_AREA, INDICATOR, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION, TIME_PERIOD,
    whole_total(OBS_VALUE, NOT bool_or(halved)), total(LOWER_BOUND), whole_total(UPPER_BOUND, NOT bool_or(halved)),
    UNIT_MEASURE, UNIT_MULT, max(DECIMALS),
    sum_status(OBS_STATUS, OBS_VALUE, LOWER_BOUND, UPPER_BOUND, NOT bool_or(halved)),
    sum_conf(CONF_STATUS), COUNTING_UNIT, VICTIM_STATUS, in_common(IDENTIFIED_BY, 'MULTIPLE'), in_common(COVERAGE, 'PARTIAL'), in_common(LEGAL_ARTICLE, ''),
    in_common(PERIOD_AS_REPORTED, ''), min(SOURCE_AGENCY), '',
    'sum-of-parts', '50_totals', sum(n_cells), parts_missing(n_missing, LOWER_BOUND) + CAST(bool_or(halved) AS INTEGER), summed_over,
    min_by(sheet, seq), cell_range(cell, seq), min_by(raw_text, seq), min(seq), bool_or(conflict)
FROM sums
GROUP BY breakdown, FREQ, REF_AREA, INDICATOR, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION, TIME_PERIOD,
    UNIT_MEASURE, UNIT_MULT, COUNTING_UNIT, VICTIM_STATUS, summed_over
ORDER BY min(seq), summed_over;
