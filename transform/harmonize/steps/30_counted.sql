-- Purpose: case rows are counted, by GROUPING SETS, for each month and for
-- each year (or part of one) that the source covers. Covered is what lies
-- between its first and its last month: a month without cases is a month with
-- none, but the months before the first and after the last are not known.
-- A case counts under its code of AGE and of EXPLOITATION and under each code
-- above it, so that a form of exploitation holds its finer forms.
-- One row in: one case row of the submission (parameters 1 and 2). One row out: one key.
INSERT INTO work
WITH cover AS (
    SELECT min(period_start(TIME_PERIOD)) AS first_day,
        max(period_start(TIME_PERIOD) + to_months(CAST(period_months(TIME_PERIOD) AS INTEGER))) AS end_day
    FROM case_row WHERE submission_id = ?),
dated AS (
    SELECT c.*, year(period_start(TIME_PERIOD)) AS y,
        greatest(first_day, make_date(CAST(year(period_start(TIME_PERIOD)) AS INTEGER), 1, 1)) AS from_day,
        least(end_day, make_date(CAST(year(period_start(TIME_PERIOD)) AS INTEGER) + 1, 1, 1)) AS to_day
    FROM case_row c, cover
    WHERE submission_id = ?),
periods AS (
    SELECT *, CASE WHEN period_months(TIME_PERIOD) = 1 THEN 'M' WHEN period_months(TIME_PERIOD) = 3 THEN 'Q' END AS FREQ, TIME_PERIOD AS tp
    FROM dated WHERE period_months(TIME_PERIOD) < 12
    UNION ALL
    SELECT *, CASE WHEN datediff('month', from_day, to_day) = 12 THEN 'A'
                   WHEN datediff('month', from_day, to_day) = 6 AND month(from_day) IN (1, 7) THEN 'S' ELSE 'I' END,
        CASE WHEN datediff('month', from_day, to_day) = 12 THEN CAST(y AS VARCHAR)
             WHEN datediff('month', from_day, to_day) = 6 AND month(from_day) IN (1, 7)
                 THEN y || '-S' || CASE month(from_day) WHEN 1 THEN '1' ELSE '2' END
             ELSE strftime(from_day, '%Y-%m-%d') || '/P' || datediff('month', from_day, to_day) || 'M' END
    FROM dated
    WHERE datediff('month', from_day, to_day) > 1),
keyed AS (
    SELECT FREQ, REF_AREA, INDICATOR, tp, COUNTING_UNIT, VICTIM_STATUS, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, DESTINATION,
        IDENTIFIED_BY, COVERAGE, LEGAL_ARTICLE, SOURCE_AGENCY, count(*) AS n, sheet, min(row_no) AS first_row, max(row_no) AS last_row,
        min(row_seq) AS seq
    FROM periods
    GROUP BY ALL),
above AS ( -- each code, and each code above it
    WITH RECURSIVE up AS (
        SELECT list, code, code AS top, parent FROM codelist WHERE list IN ('CL_AGE', 'CL_EXPLOITATION')
        UNION ALL
        SELECT u.list, u.code, c.code, c.parent FROM up u JOIN codelist c ON c.list = u.list AND c.code = u.parent)
    SELECT list, code, top FROM up),
counted AS (
    SELECT k.* REPLACE (a.top AS AGE, e.top AS EXPLOITATION), a.top = a.code AS own_age, e.top = e.code AS own_form
    FROM keyed k JOIN above a ON a.list = 'CL_AGE' AND a.code = k.AGE JOIN above e ON e.list = 'CL_EXPLOITATION' AND e.code = k.EXPLOITATION),
sets AS (
    SELECT FREQ, REF_AREA, INDICATOR, tp, COUNTING_UNIT, VICTIM_STATUS, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, DESTINATION,
        sum(n) FILTER ((own_age OR by_age) AND (own_form OR by_form)) AS n, in_common(IDENTIFIED_BY, 'MULTIPLE') AS IDENTIFIED_BY,
        in_common(COVERAGE, 'PARTIAL') AS COVERAGE, in_common(LEGAL_ARTICLE, '') AS LEGAL_ARTICLE, min(SOURCE_AGENCY) AS SOURCE_AGENCY,
        min_by(sheet, seq) AS sheet, min(first_row) AS first_row, max(last_row) AS last_row, min(seq) AS seq
    FROM counted, (VALUES (false), (true)) x(by_age), (VALUES (false), (true)) y(by_form)
    GROUP BY FREQ, REF_AREA, INDICATOR, tp, COUNTING_UNIT, VICTIM_STATUS, by_age, by_form, GROUPING SETS (
        (), (SEX), (AGE), (SEX, AGE), (EXPLOITATION), (EXPLOITATION, SEX), (EXPLOITATION, AGE), (CITIZENSHIP), (CITIZENSHIP, SEX),
        (ORIGIN, DESTINATION), (ORIGIN), (DESTINATION))
    HAVING by_age = (GROUPING(AGE) = 0) AND by_form = (GROUPING(EXPLOITATION) = 0))
SELECT 'cases', 'figure', FREQ, REF_AREA, INDICATOR, coalesce(SEX, '_T'), coalesce(AGE, '_T'), coalesce(EXPLOITATION, '_T'),
    coalesce(CITIZENSHIP, '_T'), coalesce(ORIGIN, '_T'), '_T', coalesce(DESTINATION, '_T'), tp,
    n, n, n, 'NUMBER', 0, 0, 'A', 'F', COUNTING_UNIT, VICTIM_STATUS, IDENTIFIED_BY, COVERAGE, LEGAL_ARTICLE, '', SOURCE_AGENCY, '',
    'counted', '30_counted', n, 0, '', sheet, 'A' || first_row || ':A' || last_row, '', seq, false
FROM sets
ORDER BY ALL;
