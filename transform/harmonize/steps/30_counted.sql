-- Purpose: case rows are counted, by GROUPING SETS, for each period that the
-- rows name and for each year (or part of one) that the source covers. Covered
-- is what lies between its first and its last month: a month without cases is
-- a month with none, but the months before the first and after the last are not
-- known, nor are six months and more without any case (a late row of last year
-- does not make last year's count). A row counts for its code of AGE and EXPLOITATION and for the codes
-- above it; a dimension that a row does not know of (_T) has no part for it.
-- One row in: one case row of the submission (every parameter). One row out: one key.
INSERT INTO work
WITH RECURSIVE own AS ( -- the periods that the rows name
    SELECT DISTINCT TIME_PERIOD, period_start(TIME_PERIOD) AS a,
        CAST(period_start(TIME_PERIOD) + to_months(CAST(period_months(TIME_PERIOD) AS INTEGER)) AS DATE) AS z, year(period_start(TIME_PERIOD)) AS y
    FROM case_row WHERE submission_id = ?),
run AS ( -- what lies together: six months without a row and the file may not cover what is between
    SELECT *, sum(apart) OVER (ORDER BY a, z DESC ROWS UNBOUNDED PRECEDING) AS run
    FROM (SELECT *, CASE WHEN datediff('month', max(z) OVER (ORDER BY a, z DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), a) >= 6 THEN 1 ELSE 0 END AS apart
          FROM own)),
edge AS (SELECT *, min(a) OVER (PARTITION BY run) AS first_day, max(z) OVER (PARTITION BY run) AS end_day FROM run),
cover AS ( -- the part of each calendar year between the first and the last of them
    SELECT y, greatest(first_day, make_date(CAST(y AS INTEGER), 1, 1)) AS a, least(end_day, make_date(CAST(y AS INTEGER) + 1, 1, 1)) AS z
    FROM edge WHERE z <= make_date(CAST(y AS INTEGER) + 1, 1, 1) GROUP BY y, first_day, end_day),
counted_period AS (
    SELECT TIME_PERIOD AS tp, a, z FROM own
    UNION ALL
    SELECT CASE WHEN datediff('month', a, z) = 12 THEN CAST(y AS VARCHAR)
                WHEN datediff('month', a, z) = 6 AND month(a) IN (1, 7) THEN y || '-S' || CASE month(a) WHEN 1 THEN '1' ELSE '2' END
                ELSE strftime(a, '%Y-%m-%d') || '/P' || datediff('month', a, z) || 'M' END, a, z
    FROM cover c WHERE NOT EXISTS (FROM own o WHERE o.a = c.a AND o.z = c.z)),
inside AS (
    SELECT o.TIME_PERIOD, p.tp, CASE WHEN length(p.tp) = 4 OR p.tp LIKE '%/P1Y' THEN 'A' WHEN p.tp LIKE '____-S_' THEN 'S'
        WHEN p.tp LIKE '____-Q_' THEN 'Q' WHEN length(p.tp) = 7 THEN 'M' ELSE 'I' END AS FREQ
    FROM own o JOIN counted_period p ON o.a >= p.a AND o.z <= p.z),
above AS (
    SELECT list, code, code AS level FROM codelist WHERE list IN ('CL_AGE', 'CL_EXPLOITATION')
    UNION
    SELECT b.list, b.code, c.parent FROM above b JOIN codelist c ON c.list = b.list AND c.code = b.level WHERE c.parent <> ''),
alike AS (
    SELECT REF_AREA, INDICATOR, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, DESTINATION, TIME_PERIOD, COUNTING_UNIT, VICTIM_STATUS,
        IDENTIFIED_BY, COVERAGE, LEGAL_ARTICLE, SOURCE_AGENCY, count(*) AS n, min(row_seq) AS seq, min_by(sheet, row_seq) AS sheet,
        min(row_no) AS first_row, max(row_no) AS last_row
    FROM case_row WHERE submission_id = ? GROUP BY ALL),
leveled AS ( -- the copies of a row at its own code, and at each code above it
    SELECT w.* REPLACE (a.level AS AGE, e.level AS EXPLOITATION), w.AGE = a.level AS own_age, w.EXPLOITATION = e.level AS own_exp, i.tp, i.FREQ
    FROM alike w JOIN inside i USING (TIME_PERIOD)
    JOIN above a ON a.list = 'CL_AGE' AND a.code = w.AGE
    JOIN above e ON e.list = 'CL_EXPLOITATION' AND e.code = w.EXPLOITATION),
counts AS (
    SELECT FREQ, REF_AREA, INDICATOR, tp, COUNTING_UNIT, VICTIM_STATUS, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, DESTINATION,
        CASE WHEN GROUPING(AGE) = 0 AND GROUPING(EXPLOITATION) = 0 THEN sum(n) WHEN GROUPING(AGE) = 0 THEN sum(n) FILTER (own_exp)
            WHEN GROUPING(EXPLOITATION) = 0 THEN sum(n) FILTER (own_age) ELSE sum(n) FILTER (own_age AND own_exp) END AS n,
        in_common(IDENTIFIED_BY, 'MULTIPLE') AS IDENTIFIED_BY, in_common(COVERAGE, 'PARTIAL') AS COVERAGE, in_common(LEGAL_ARTICLE, '') AS LEGAL_ARTICLE,
        min(SOURCE_AGENCY) AS SOURCE_AGENCY, min_by(sheet, seq) AS sheet, min(first_row) AS first_row, max(last_row) AS last_row, min(seq) AS seq
    FROM leveled
    GROUP BY FREQ, REF_AREA, INDICATOR, tp, COUNTING_UNIT, VICTIM_STATUS, GROUPING SETS (
        (), (SEX), (AGE), (SEX, AGE), (EXPLOITATION), (EXPLOITATION, SEX), (EXPLOITATION, AGE), (CITIZENSHIP), (CITIZENSHIP, SEX),
        (ORIGIN, DESTINATION), (ORIGIN), (DESTINATION))
    HAVING (GROUPING(SEX) = 1 OR SEX <> '_T') AND (GROUPING(AGE) = 1 OR AGE <> '_T') AND (GROUPING(EXPLOITATION) = 1 OR EXPLOITATION <> '_T')
       AND (GROUPING(CITIZENSHIP) = 1 OR CITIZENSHIP <> '_T') AND (GROUPING(ORIGIN) = 1 OR ORIGIN <> '_T')
       AND (GROUPING(DESTINATION) = 1 OR DESTINATION <> '_T'))
SELECT 'cases', 'figure', FREQ, REF_AREA, INDICATOR, coalesce(SEX, '_T'), coalesce(AGE, '_T'), coalesce(EXPLOITATION, '_T'),
    coalesce(CITIZENSHIP, '_T'), coalesce(ORIGIN, '_T'), '_T', coalesce(DESTINATION, '_T'), tp,
    n, n, n, 'NUMBER', 0, 0, 'A', 'F', COUNTING_UNIT, VICTIM_STATUS, IDENTIFIED_BY, COVERAGE, LEGAL_ARTICLE, '', SOURCE_AGENCY, '',
    'counted', '30_counted', n, 0, '', sheet, 'A' || first_row || ':A' || last_row, '', seq, false
FROM counts
ORDER BY ALL;
