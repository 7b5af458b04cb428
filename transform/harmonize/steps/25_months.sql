-- Purpose: months and quarters add up to the year when the source has all of
-- them, and otherwise to the part of the year that it has without a gap: a
-- half year is a half year (2025-S1), nine months are a range
-- (2025-01-01/P9M), never a year. A month that lacks the key is a missing part.
-- One row in: one key of a month or quarter. One row out: one key of the year or part.
INSERT INTO work
WITH short AS ( -- one row a key: the figure as reported before the sum of its places
    SELECT *, year(period_start(TIME_PERIOD)) AS y, period_start(TIME_PERIOD) AS first_day, period_months(TIME_PERIOD) AS months
    FROM work
    WHERE FREQ IN ('M', 'Q') AND UNIT_MEASURE = 'NUMBER'
    QUALIFY row_number() OVER (PARTITION BY breakdown, role, FREQ, REF_AREA, INDICATOR, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT,
        DESTINATION, TIME_PERIOD, UNIT_MULT, COUNTING_UNIT, VICTIM_STATUS ORDER BY step, seq) = 1),
cover AS ( -- what the source has of each year, whatever the key
    SELECT breakdown, REF_AREA, INDICATOR, FREQ, y,
        count(DISTINCT TIME_PERIOD) AS periods, min(first_day) AS from_day, max(first_day) AS to_day, min(months) AS months
    FROM short GROUP BY ALL),
span AS ( -- a source that has both months and quarters is taken by its months
    SELECT *, CASE
            WHEN periods * months = 12 THEN CAST(y AS VARCHAR)
            WHEN periods * months = 6 AND month(from_day) IN (1, 7) THEN y || '-S' || CASE month(from_day) WHEN 1 THEN '1' ELSE '2' END
            ELSE strftime(from_day, '%Y-%m-%d') || '/P' || periods * months || 'M' END AS whole
    FROM cover
    WHERE periods > 1 AND datediff('month', from_day, to_day) = (periods - 1) * months
    QUALIFY row_number() OVER (PARTITION BY breakdown, REF_AREA, INDICATOR, whole ORDER BY FREQ) = 1)
SELECT s.breakdown, s.role, CASE WHEN length(whole) = 4 THEN 'A' WHEN whole LIKE '____-S_' THEN 'S' ELSE 'I' END,
    s.REF_AREA, s.INDICATOR, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION, whole,
    whole_total(OBS_VALUE, count(*) = periods),
    total(LOWER_BOUND),
    whole_total(UPPER_BOUND, count(*) = periods),
    UNIT_MEASURE, UNIT_MULT, max(DECIMALS),
    sum_status(OBS_STATUS, OBS_VALUE, LOWER_BOUND, UPPER_BOUND, count(*) = periods),
    sum_conf(CONF_STATUS), COUNTING_UNIT, VICTIM_STATUS, in_common(IDENTIFIED_BY, 'MULTIPLE'), in_common(COVERAGE, 'PARTIAL'), in_common(LEGAL_ARTICLE, ''),
    '', min(SOURCE_AGENCY), '',
    'summed', '25_months', sum(n_cells), periods - count(*) + parts_missing(n_missing, LOWER_BOUND),
    over_too(summed_over, 'TIME_PERIOD'),
    min_by(sheet, seq), cell_range(cell, seq), min_by(raw_text, seq), min(seq), bool_or(conflict)
FROM short s JOIN span c ON s.breakdown = c.breakdown AND s.REF_AREA = c.REF_AREA AND s.INDICATOR = c.INDICATOR AND s.FREQ = c.FREQ AND s.y = c.y
GROUP BY s.breakdown, s.role, s.REF_AREA, s.INDICATOR, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION, whole, periods,
    UNIT_MEASURE, UNIT_MULT, COUNTING_UNIT, VICTIM_STATUS
ORDER BY min(seq), whole;
