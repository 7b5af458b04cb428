-- A domestic route (origin and destination are one country) that passes
-- through another country. Rare, and more often a mistaken column. Level 1.
-- One row: one route of one State, at its first figure; the count is of figures.
SELECT min_by(sheet, seq) AS sheet, min_by(cell, seq) AS cell, '' AS context_sheet, '' AS context_cell,
    ORIGIN || ' → ' || TRANSIT || ' → ' || DESTINATION || ' (' || REF_AREA || ')' AS found, TRANSIT AS expected, count(*) AS finding_count
FROM stated
WHERE is_country(ORIGIN) AND ORIGIN = DESTINATION AND is_country(TRANSIT) AND TRANSIT <> ORIGIN AND LOWER_BOUND > 0 AND step <> '25_months'
GROUP BY REF_AREA, ORIGIN, TRANSIT, DESTINATION
ORDER BY min(seq);
