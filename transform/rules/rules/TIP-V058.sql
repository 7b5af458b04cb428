-- A year of which a table holds nothing but zeros (in six figures or more),
-- while other years of it hold figures: zeros may stand for not available.
-- Level 1. One row: one State, indicator, table and year.
WITH years AS (
    SELECT breakdown, REF_AREA, INDICATOR, year(period_start(TIME_PERIOD)) AS y, count(*) AS n, max(UPPER_BOUND) AS most, min(seq) AS seq,
        min_by(sheet, seq) AS sheet, cell_range(cell, seq) AS cell
    FROM stated WHERE derivation <> 'counted' AND step <> '25_months'
    GROUP BY ALL)
SELECT sheet, cell, '' AS context_sheet, '' AS context_cell, y || ' (' || REF_AREA || ' ' || INDICATOR || ')' AS found, '0' AS expected, n AS finding_count
FROM years
QUALIFY most = 0 AND n >= 6 AND max(most) OVER (PARTITION BY breakdown, REF_AREA, INDICATOR) > 0
ORDER BY seq, y;
