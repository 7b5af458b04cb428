-- The same total of ten or more in three successive years or more: it may have
-- been copied forward. Three equal counts with a mean of 10 are by chance less
-- than one in a hundred. Level 2. One row: one run of years that ends in this file.
WITH runs AS (
    SELECT *, y - row_number() OVER (PARTITION BY REF_AREA, INDICATOR, SOURCE_AGENCY, COUNTING_UNIT, VICTIM_STATUS, begins, lo ORDER BY y) AS run
    FROM series WHERE lo = up AND lo >= 10)
SELECT arg_max(sheet, y) AS sheet, arg_max(cell, y) AS cell, CASE WHEN arg_min(file, y) = '' THEN arg_min(sheet, y) ELSE '' END AS context_sheet,
    CASE WHEN arg_min(file, y) = '' THEN arg_min(cell, y) ELSE '' END AS context_cell,
    printf('%.15g', lo) || ' (' || REF_AREA || ' ' || INDICATOR || ')' AS found, min(y) || '–' || max(y) AS expected, 1 AS finding_count
FROM runs
GROUP BY REF_AREA, INDICATOR, SOURCE_AGENCY, COUNTING_UNIT, VICTIM_STATUS, begins, lo, run
HAVING count(*) >= 3 AND arg_max(file, y) = ''
ORDER BY REF_AREA, INDICATOR, max(y);
