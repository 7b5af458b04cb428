-- A route whose country of transit is also its origin or its destination.
-- Level 1. One row: one route of one State, at its first figure; the count is of figures.
SELECT min_by(sheet, seq) AS sheet, min_by(cell, seq) AS cell, '' AS context_sheet, '' AS context_cell,
    ORIGIN || ' → ' || TRANSIT || ' → ' || DESTINATION || ' (' || REF_AREA || ')' AS found, TRANSIT AS expected, count(*) AS finding_count
FROM stated
WHERE is_country(TRANSIT) AND TRANSIT IN (ORIGIN, DESTINATION) AND LOWER_BOUND > 0 AND step <> '25_months'
GROUP BY REF_AREA, ORIGIN, TRANSIT, DESTINATION
ORDER BY min(seq);
