-- Purpose: the case rows of the newest vintage, by the codes that may be
-- published. Of a period the calendar year is taken that holds most of its
-- months. A row is superseded where a newer submission of the same layout
-- covers its period: what a submission covers is what was counted from it
-- (harmonize/steps/30_counted.sql), months without a case too.
-- One row: all case rows with the same codes. age_years: how many years of age
-- the band holds; NULL if it is open, or no band.
WITH covered AS (
    SELECT DISTINCT s.seq, s.layout, o.SOURCE_AGENCY, o.REF_AREA, o.INDICATOR, period_start(o.TIME_PERIOD) AS a,
        period_start(o.TIME_PERIOD) + to_months(CAST(period_months(o.TIME_PERIOD) AS INTEGER)) AS z
    FROM observation o JOIN submission s USING (submission_id)
    WHERE o.step = '30_counted'),
alike AS (
    SELECT s.seq, s.layout, c.* EXCLUDE (submission_id, row_seq, sheet, row_no, LEGAL_ARTICLE), count(*) AS n
    FROM case_row c JOIN submission s USING (submission_id)
    GROUP BY ALL),
newest AS (
    SELECT * FROM alike c
    WHERE NOT EXISTS (
        FROM covered v
        WHERE v.layout = c.layout AND v.SOURCE_AGENCY = c.SOURCE_AGENCY AND v.REF_AREA = c.REF_AREA AND v.INDICATOR = c.INDICATOR
            AND v.seq > c.seq AND v.a <= period_start(c.TIME_PERIOD)
            AND v.z >= period_start(c.TIME_PERIOD) + to_months(CAST(period_months(c.TIME_PERIOD) AS INTEGER))))
SELECT REF_AREA, INDICATOR, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION,
    coalesce(printf('%04d', ref_year(TIME_PERIOD)), '_U') AS TIME_PERIOD, COUNTING_UNIT, VICTIM_STATUS, IDENTIFIED_BY, COVERAGE, SOURCE_AGENCY,
    age_to(AGE) - age_from(AGE) + 1 AS age_years, CAST(sum(n) AS BIGINT) AS n
FROM newest
GROUP BY ALL
ORDER BY ALL;
