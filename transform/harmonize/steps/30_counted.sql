-- Purpose: case rows are counted, by GROUPING SETS, for each month and for
-- each year (or part of one) that the source covers. Covered is what lies
-- between its first and its last month: a month without cases is a month with
-- none, but the months before the first and after the last are not known.
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
    WHERE datediff('month', from_day, to_day) > 1)
SELECT 'cases', 'figure', FREQ, REF_AREA, INDICATOR, coalesce(SEX, '_T'), coalesce(AGE, '_T'), coalesce(EXPLOITATION, '_T'),
    coalesce(CITIZENSHIP, '_T'), coalesce(ORIGIN, '_T'), '_T', coalesce(DESTINATION, '_T'), tp,
    count(*), count(*), count(*), 'NUMBER', 0, 0, 'A', 'F', COUNTING_UNIT, VICTIM_STATUS,
    in_common(IDENTIFIED_BY, 'MULTIPLE'), in_common(COVERAGE, 'PARTIAL'), in_common(LEGAL_ARTICLE, ''), '', min(SOURCE_AGENCY), '',
    'counted', '30_counted', count(*), 0, '',
    min_by(sheet, row_seq), 'A' || min(row_no) || ':A' || max(row_no), '', min(row_seq), false
FROM periods
GROUP BY GROUPING SETS (
    (FREQ, REF_AREA, INDICATOR, tp, COUNTING_UNIT, VICTIM_STATUS),
    (FREQ, REF_AREA, INDICATOR, tp, COUNTING_UNIT, VICTIM_STATUS, SEX),
    (FREQ, REF_AREA, INDICATOR, tp, COUNTING_UNIT, VICTIM_STATUS, AGE),
    (FREQ, REF_AREA, INDICATOR, tp, COUNTING_UNIT, VICTIM_STATUS, SEX, AGE),
    (FREQ, REF_AREA, INDICATOR, tp, COUNTING_UNIT, VICTIM_STATUS, EXPLOITATION),
    (FREQ, REF_AREA, INDICATOR, tp, COUNTING_UNIT, VICTIM_STATUS, EXPLOITATION, SEX),
    (FREQ, REF_AREA, INDICATOR, tp, COUNTING_UNIT, VICTIM_STATUS, EXPLOITATION, AGE),
    (FREQ, REF_AREA, INDICATOR, tp, COUNTING_UNIT, VICTIM_STATUS, CITIZENSHIP),
    (FREQ, REF_AREA, INDICATOR, tp, COUNTING_UNIT, VICTIM_STATUS, CITIZENSHIP, SEX),
    (FREQ, REF_AREA, INDICATOR, tp, COUNTING_UNIT, VICTIM_STATUS, ORIGIN, DESTINATION),
    (FREQ, REF_AREA, INDICATOR, tp, COUNTING_UNIT, VICTIM_STATUS, ORIGIN),
    (FREQ, REF_AREA, INDICATOR, tp, COUNTING_UNIT, VICTIM_STATUS, DESTINATION))
ORDER BY ALL;
