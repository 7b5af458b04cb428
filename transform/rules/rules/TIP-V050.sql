-- A rate per 100,000 inhabitants and the count of the same thing that can't
-- both be right: a rate above zero with a count of zero, or two that would need
-- a population below 5,000 or above 1.5 thousand million. The rate is taken with
-- half a unit of its last decimal to either side. Both are of one source, in
-- this file or in one accepted earlier. Level 1. One row: one rate and its count.
WITH known AS (
    SELECT obs_id, REF_AREA, INDICATOR, TIME_PERIOD, COUNTING_UNIT, VICTIM_STATUS, SOURCE_AGENCY, SEX, AGE, EXPLOITATION, UNIT_MEASURE, OBS_VALUE, DECIMALS, sheet, cell, '' AS file
    FROM observation WHERE submission_id = ? AND preferred AND FREQ = 'A' AND UNIT_MULT = 0 AND OBS_VALUE IS NOT NULL
        AND no_parts('_T', '_T', '_T', CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION)
    UNION ALL
    SELECT obs_id, REF_AREA, INDICATOR, TIME_PERIOD, COUNTING_UNIT, VICTIM_STATUS, SOURCE_AGENCY, SEX, AGE, EXPLOITATION, UNIT_MEASURE, OBS_VALUE, DECIMALS, sheet, cell, file_name
    FROM earlier WHERE FREQ = 'A' AND UNIT_MULT = 0 AND OBS_VALUE IS NOT NULL AND no_parts('_T', '_T', '_T', CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION)),
pair AS (
    SELECT r.*, c.OBS_VALUE AS n, c.sheet AS c_sheet, c.cell AS c_cell, c.file AS c_file, c.obs_id AS c_id, 0.5 * power(10, -r.DECIMALS) AS half
    FROM known r JOIN known c USING (REF_AREA, TIME_PERIOD, COUNTING_UNIT, VICTIM_STATUS, SOURCE_AGENCY, SEX, AGE, EXPLOITATION)
    WHERE r.UNIT_MEASURE = 'PER_100000_POP' AND c.UNIT_MEASURE = 'NUMBER' AND r.INDICATOR = c.INDICATOR || '_RATE' AND (r.file = '' OR c.file = '')
    QUALIFY row_number() OVER (PARTITION BY r.obs_id ORDER BY c.file <> '', c.obs_id DESC) = 1)
SELECT CASE WHEN file = '' THEN sheet ELSE c_sheet END AS sheet, CASE WHEN file = '' THEN cell ELSE c_cell END AS cell,
    CASE WHEN file = c_file THEN c_sheet ELSE '' END AS context_sheet, CASE WHEN file = c_file THEN c_cell ELSE '' END AS context_cell,
    printf('%.15g', OBS_VALUE) || ' (' || REF_AREA || ' ' || TIME_PERIOD || elsewhere(file, sheet, cell) || ')' AS found,
    printf('%.15g', n) || CASE WHEN c_file = '' THEN '' ELSE ' (' || substr(elsewhere(c_file, c_sheet, c_cell), 3) || ')' END AS expected, 1 AS finding_count
FROM pair
WHERE n = 0 AND OBS_VALUE > half
   OR n > 0 AND n * 100000 < 5000 * (OBS_VALUE - half)
   OR n > 0 AND n * 100000 > 1.5e9 * (OBS_VALUE + half)
ORDER BY obs_id;
