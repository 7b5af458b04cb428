-- Women are reported without men, or men without women, and the total does not
-- say that there were none of the other sex: what is not in the file is not a
-- zero. A table that has women alone, and no total, in every period is about
-- women and is left alone. Level 1. One row: one State, indicator, table and
-- sex; the count is of periods.
WITH k AS (
    SELECT breakdown, REF_AREA, INDICATOR, TIME_PERIOD, COUNTING_UNIT, VICTIM_STATUS,
        count(*) FILTER (SEX = 'F') AS f, count(*) FILTER (SEX = 'M') AS m,
        max(UPPER_BOUND) FILTER (SEX = '_T') AS everyone,
        max(LOWER_BOUND) FILTER (SEX IN ('F', 'M')) AS one, min(seq) FILTER (SEX IN ('F', 'M')) AS seq,
        min_by(sheet, seq) FILTER (SEX IN ('F', 'M')) AS sheet, min_by(cell, seq) FILTER (SEX IN ('F', 'M')) AS cell
    FROM work
    WHERE role = 'figure' AND (derivation = 'reported' OR step = '20_places') AND FREQ NOT IN ('M', 'Q') AND UNIT_MEASURE = 'NUMBER'
      AND no_parts('_T', AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION)
    GROUP BY ALL),
asked AS (
    SELECT * FROM k
    WINDOW w AS (PARTITION BY breakdown, REF_AREA, INDICATOR, COUNTING_UNIT, VICTIM_STATUS)
    QUALIFY max(f) OVER w > 0 AND max(m) OVER w > 0 OR count(everyone) OVER w > 0)
SELECT min_by(sheet, seq) AS sheet, min_by(cell, seq) AS cell, '' AS context_sheet, '' AS context_cell,
    CASE WHEN any_value(f) > 0 THEN 'F' ELSE 'M' END || ' (' || REF_AREA || ' ' || INDICATOR || ')' AS found,
    CASE WHEN any_value(f) > 0 THEN 'M' ELSE 'F' END AS expected, count(*) AS finding_count
FROM asked
WHERE (f > 0) <> (m > 0) AND one > 0 AND (everyone IS NULL OR everyone > one)
GROUP BY breakdown, REF_AREA, INDICATOR, COUNTING_UNIT, VICTIM_STATUS, f > 0
ORDER BY min(seq);
