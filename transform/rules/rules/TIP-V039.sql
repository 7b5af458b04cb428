-- More than half of the persons of a year are of unknown sex, age, form of
-- exploitation or citizenship (of 20 or more): shares of what is known then say
-- little. Level 1. One row: one State, indicator, table and dimension, at the
-- worst year; the count is of years.
WITH unknown AS (
    SELECT *, CASE WHEN SEX = '_U' THEN 'SEX' WHEN AGE = '_U' THEN 'AGE' WHEN EXPLOITATION = '_U' THEN 'EXPLOITATION' ELSE 'CITIZENSHIP' END AS dimension
    FROM stated
    WHERE FREQ = 'A' AND about(SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION) = '_U' AND '_U' IN (SEX, AGE, EXPLOITATION, CITIZENSHIP)),
share AS (
    SELECT u.*, t.LOWER_BOUND AS n, t.sheet AS t_sheet, t.cell AS t_cell, u.LOWER_BOUND / t.UPPER_BOUND AS part
    FROM unknown u JOIN observation t USING (FREQ, REF_AREA, INDICATOR, TIME_PERIOD, COUNTING_UNIT, VICTIM_STATUS)
    WHERE t.submission_id = ? AND t.preferred AND no_parts(t.SEX, t.AGE, t.EXPLOITATION, t.CITIZENSHIP, t.ORIGIN, t.TRANSIT, t.DESTINATION)
      AND t.UNIT_MEASURE = 'NUMBER' AND t.LOWER_BOUND >= 20 AND u.LOWER_BOUND > t.UPPER_BOUND / 2)
SELECT first(sheet ORDER BY part DESC, seq) AS sheet, first(cell ORDER BY part DESC, seq) AS cell, first(t_sheet ORDER BY part DESC, seq) AS context_sheet, first(t_cell ORDER BY part DESC, seq) AS context_cell,
    printf('%.15g', first(LOWER_BOUND ORDER BY part DESC, seq)) || ' (' || dimension || ', ' || REF_AREA || ' ' || first(TIME_PERIOD ORDER BY part DESC, seq) || ')' AS found,
    printf('%.15g', first(n ORDER BY part DESC, seq)) AS expected, count(*) AS finding_count
FROM share
GROUP BY breakdown, REF_AREA, INDICATOR, COUNTING_UNIT, VICTIM_STATUS, dimension
ORDER BY min(seq), dimension;
