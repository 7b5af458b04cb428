-- Purpose: months and quarters add up to the year when the source has all of
-- them, and otherwise to the part of the year that it has without a gap: a
-- half year is a half year (2025-S1), nine months are a range
-- (2025-01-01/P9M), never a year.
-- One row in: one key of a month or quarter. One row out: one key of the year or part.
INSERT INTO work
WITH short AS (
    SELECT *, year(period_start(TIME_PERIOD)) AS y, period_start(TIME_PERIOD) AS first_day, period_months(TIME_PERIOD) AS months
    FROM work
    WHERE FREQ IN ('M', 'Q') AND UNIT_MEASURE = 'NUMBER'),
cover AS ( -- what the source has of each year, whatever the key
    SELECT breakdown, REF_AREA, INDICATOR, FREQ, y,
        count(DISTINCT TIME_PERIOD) AS periods, min(first_day) AS from_day, max(first_day) AS to_day, min(months) AS months
    FROM short GROUP BY ALL),
span AS (
    SELECT *, CASE
            WHEN periods * months = 12 THEN CAST(y AS VARCHAR)
            WHEN periods * months = 6 AND month(from_day) IN (1, 7) THEN y || '-S' || CASE month(from_day) WHEN 1 THEN '1' ELSE '2' END
            ELSE strftime(from_day, '%Y-%m-%d') || '/P' || periods * months || 'M' END AS whole
    FROM cover
    WHERE periods > 1 AND datediff('month', from_day, to_day) = (periods - 1) * months)
SELECT s.breakdown, s.role, CASE WHEN length(whole) = 4 THEN 'A' WHEN whole LIKE '____-S_' THEN 'S' ELSE 'I' END,
    s.REF_AREA, s.INDICATOR, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION, whole,
    CASE WHEN count(OBS_VALUE) = min(periods) THEN sum(OBS_VALUE) END,
    sum(LOWER_BOUND),
    CASE WHEN count(UPPER_BOUND) = min(periods) THEN sum(UPPER_BOUND) END,
    UNIT_MEASURE, min(UNIT_MULT), max(DECIMALS),
    CASE WHEN count(OBS_VALUE) = min(periods) THEN max(OBS_STATUS) WHEN count(LOWER_BOUND) = 0 THEN min(OBS_STATUS) ELSE 'Q' END,
    max(CONF_STATUS), COUNTING_UNIT, VICTIM_STATUS, in_common(IDENTIFIED_BY, 'MULTIPLE'), in_common(COVERAGE, 'PARTIAL'), in_common(LEGAL_ARTICLE, ''),
    '', min(SOURCE_AGENCY), '',
    'summed', '25_months', sum(n_cells), min(periods) - count(*) + count(*) FILTER (n_missing > 0 OR LOWER_BOUND IS NULL),
    ltrim(min(summed_over) || ',TIME_PERIOD', ','),
    min_by(sheet, seq),
    min_by(split_part(cell, ':', 1), seq) || ':' || max_by(split_part(cell, ':', -1), seq), min_by(raw_text, seq), min(seq), bool_or(conflict)
FROM short s JOIN span c ON s.breakdown = c.breakdown AND s.REF_AREA = c.REF_AREA AND s.INDICATOR = c.INDICATOR AND s.FREQ = c.FREQ AND s.y = c.y
GROUP BY s.breakdown, s.role, s.REF_AREA, s.INDICATOR, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION, whole,
    UNIT_MEASURE, COUNTING_UNIT, VICTIM_STATUS
ORDER BY min(seq);
