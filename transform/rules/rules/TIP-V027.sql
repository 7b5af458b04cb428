-- A year of which some months (or quarters) between the first and the last
-- reported are not in the file. Level 1. One row: one year of one State and indicator.
WITH short AS (
    SELECT DISTINCT breakdown, REF_AREA, INDICATOR, FREQ, TIME_PERIOD, period_months(TIME_PERIOD) AS months, period_start(TIME_PERIOD) AS first_day
    FROM work WHERE FREQ IN ('M', 'Q') AND derivation IN ('reported', 'summed') AND UNIT_MEASURE = 'NUMBER'),
cover AS (
    SELECT breakdown, REF_AREA, INDICATOR, FREQ, CAST(year(first_day) AS INTEGER) AS y, count(*) AS n, min(months) AS months,
        datediff('month', min(first_day), max(first_day)) AS span
    FROM short GROUP BY ALL)
SELECT '' AS sheet, '' AS cell, '' AS context_sheet, '' AS context_cell, y || ' (' || REF_AREA || ', ' || INDICATOR || ')' AS found,
    CAST(n * months AS VARCHAR) AS expected, 1 AS finding_count
FROM cover
WHERE span <> (n - 1) * months
ORDER BY REF_AREA, INDICATOR, y, breakdown;
