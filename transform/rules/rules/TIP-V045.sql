-- A zero after years of figures. With N persons in the k years before (three at
-- most) and one rate for all, the chance that none falls in this year is
-- (k/(k+1))^N: the conditional test of Przyborowski and Wilenski (Biometrika 31
-- (1940) 313-323), exact. The rule fires where it is below 0.0001, that is from
-- 14 persons in one year, 23 in two, 33 in three. Level 2. One row: one State's indicator and year.
WITH before AS (
    SELECT REF_AREA, INDICATOR, SOURCE_AGENCY, COUNTING_UNIT, VICTIM_STATUS, begins, c.TIME_PERIOD, c.sheet, c.cell,
        p.lo, p.up, p.file, p.TIME_PERIOD AS p_period, p.sheet AS p_sheet, p.cell AS p_cell,
        row_number() OVER (PARTITION BY REF_AREA, INDICATOR, SOURCE_AGENCY, COUNTING_UNIT, VICTIM_STATUS, begins, c.y ORDER BY p.y DESC) AS n
    FROM series c JOIN series p USING (REF_AREA, INDICATOR, SOURCE_AGENCY, COUNTING_UNIT, VICTIM_STATUS, begins)
    WHERE c.file = '' AND c.up = 0 AND p.y BETWEEN c.y - 4 AND c.y - 1)
SELECT sheet, cell, CASE WHEN bool_and(file = '') THEN arg_min(p_sheet, n) ELSE '' END AS context_sheet,
    CASE WHEN bool_and(file = '') THEN arg_min(p_cell, n) ELSE '' END AS context_cell,
    '0 (' || REF_AREA || ' ' || INDICATOR || ' ' || TIME_PERIOD || ')' AS found,
    string_agg(shown(lo, up) || ' (' || p_period || ')', ', ' ORDER BY n DESC) AS expected, 1 AS finding_count
FROM before
WHERE n <= 3
GROUP BY sheet, cell, REF_AREA, INDICATOR, SOURCE_AGENCY, COUNTING_UNIT, VICTIM_STATUS, begins, TIME_PERIOD
HAVING min(lo) > 0 AND sum(lo) * ln((count(*) + 1) / count(*)) > -ln(0.0001)
ORDER BY REF_AREA, INDICATOR, TIME_PERIOD;
