-- Two successive years of one series in a file are ten years apart or more: a
-- year may be mistyped (2032 for 2023). Level 1. One row: one gap of one State's indicator and table.
WITH years AS (
    SELECT breakdown, REF_AREA, INDICATOR, year(period_start(TIME_PERIOD)) AS y, min_by(sheet, seq) AS sheet, min_by(cell, seq) AS cell, min(seq) AS seq
    FROM work WHERE derivation IN ('reported', 'summed', 'counted') GROUP BY ALL),
gap AS (
    SELECT *, lag(y) OVER w AS y0, lag(sheet) OVER w AS sheet0, lag(cell) OVER w AS cell0
    FROM years WINDOW w AS (PARTITION BY breakdown, REF_AREA, INDICATOR ORDER BY y))
SELECT sheet, cell, sheet0 AS context_sheet, cell0 AS context_cell, y || ' (' || REF_AREA || ' ' || INDICATOR || ')' AS found, CAST(y0 AS VARCHAR) AS expected, 1 AS finding_count
FROM gap WHERE y - y0 >= 10
ORDER BY seq, y;
