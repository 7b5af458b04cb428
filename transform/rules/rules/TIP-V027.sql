-- A year of which some months (or quarters) between the first and the last
-- reported are not in the file. Level 1. One row: one year of one State and
-- indicator, at the first figure of that year.
WITH short AS (
    SELECT breakdown, REF_AREA, INDICATOR, FREQ, TIME_PERIOD, period_months(TIME_PERIOD) AS months, period_start(TIME_PERIOD) AS first_day,
        min_by(sheet, seq) AS sheet, min_by(cell, seq) AS cell
    FROM work WHERE FREQ IN ('M', 'Q') AND derivation IN ('reported', 'summed') AND UNIT_MEASURE = 'NUMBER'
    GROUP BY breakdown, REF_AREA, INDICATOR, FREQ, TIME_PERIOD),
cover AS (
    SELECT breakdown, REF_AREA, INDICATOR, FREQ, CAST(year(first_day) AS INTEGER) AS y, count(*) AS n, min(months) AS months,
        datediff('month', min(first_day), max(first_day)) AS span, min_by(sheet, first_day) AS sheet, min_by(cell, first_day) AS cell
    FROM short GROUP BY breakdown, REF_AREA, INDICATOR, FREQ, y)
SELECT sheet, cell, '' AS context_sheet, '' AS context_cell, y || ' (' || REF_AREA || ', ' || INDICATOR || ')' AS found,
    CAST(n * months AS VARCHAR) AS expected, 1 AS finding_count
FROM cover
WHERE span <> (n - 1) * months
ORDER BY REF_AREA, INDICATOR, y, breakdown, FREQ;
