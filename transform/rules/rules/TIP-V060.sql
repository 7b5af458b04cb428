-- The shares of the sexes turn round from one year to the next: 65 % or more of
-- one sex, then 65 % or more of the other, with 30 persons or more in each year.
-- The columns may be exchanged. Level 1. One row: one State, indicator and year.
WITH sexes AS (
    SELECT REF_AREA, INDICATOR, SOURCE_AGENCY, COUNTING_UNIT, VICTIM_STATUS, month(period_start(TIME_PERIOD)) AS begins, year(period_start(TIME_PERIOD)) AS y, TIME_PERIOD,
        max(OBS_VALUE) FILTER (SEX = 'F') AS f, max(OBS_VALUE) FILTER (SEX = 'M') AS m, max(sheet) FILTER (SEX = 'F') AS sheet, max(cell) FILTER (SEX = 'F') AS cell
    FROM observation
    WHERE submission_id = ? AND preferred AND FREQ = 'A' AND UNIT_MEASURE = 'NUMBER' AND no_parts('_T', AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION)
      AND SEX IN ('F', 'M')
    GROUP BY ALL
    HAVING count(OBS_VALUE) = 2 AND sum(OBS_VALUE) >= 30)
SELECT c.sheet, c.cell, p.sheet AS context_sheet, p.cell AS context_cell,
    printf('F %.15g, M %.15g', c.f, c.m) || ' (' || REF_AREA || ' ' || INDICATOR || ' ' || c.TIME_PERIOD || ')' AS found,
    printf('F %.15g, M %.15g', p.f, p.m) || ' (' || p.TIME_PERIOD || ')' AS expected, 1 AS finding_count
FROM sexes c JOIN sexes p USING (REF_AREA, INDICATOR, SOURCE_AGENCY, COUNTING_UNIT, VICTIM_STATUS, begins)
WHERE p.y = c.y - 1 AND (c.f >= 0.65 * (c.f + c.m) AND p.m >= 0.65 * (p.f + p.m) OR c.m >= 0.65 * (c.f + c.m) AND p.f >= 0.65 * (p.f + p.m))
ORDER BY REF_AREA, INDICATOR, c.y;
