-- A route on which the reporting State is neither origin, transit nor
-- destination: victims of other countries' routes, or a mistaken code. Where
-- transit is not told, the State may be that. Level 1.
-- One row: one route of one State, at its first figure; the count is of figures.
SELECT min_by(sheet, seq) AS sheet, min_by(cell, seq) AS cell, '' AS context_sheet, '' AS context_cell,
    ORIGIN || ' → ' || DESTINATION AS found, REF_AREA AS expected, count(*) AS finding_count
FROM stated
WHERE is_country(ORIGIN) AND is_country(DESTINATION) AND (is_country(TRANSIT) OR TRANSIT = '_Z') AND REF_AREA NOT IN (ORIGIN, TRANSIT, DESTINATION) AND LOWER_BOUND > 0 AND step <> '25_months'
GROUP BY REF_AREA, ORIGIN, DESTINATION
ORDER BY min(seq);
