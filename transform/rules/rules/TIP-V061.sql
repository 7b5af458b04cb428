-- A month far above the other months of its year: ten or more, four times
-- their mean or more, and improbable for Poisson counts (words.sql; the mean of
-- k other months has a k-th of the variance), at five standard deviations, for
-- a year has twelve months to choose from. One large operation does it; so does
-- a year filed under one month. Level 1. One row: one State, indicator and month.
WITH months AS (
    SELECT *, year(period_start(TIME_PERIOD)) AS y FROM observation
    WHERE submission_id = ? AND preferred AND FREQ = 'M' AND UNIT_MEASURE = 'NUMBER' AND UNIT_MULT = 0 AND OBS_VALUE IS NOT NULL
      AND no_parts(SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION)),
against AS (
    SELECT *, count(*) OVER one - 1 AS k, (sum(OBS_VALUE) OVER one - OBS_VALUE) / (count(*) OVER one - 1) AS others
    FROM months WINDOW one AS (PARTITION BY REF_AREA, INDICATOR, SOURCE_AGENCY, COUNTING_UNIT, VICTIM_STATUS, y))
SELECT sheet, cell, '' AS context_sheet, '' AS context_cell, printf('%.15g', OBS_VALUE) || ' (' || REF_AREA || ' ' || INDICATOR || ' ' || TIME_PERIOD || ')' AS found,
    printf('%.1f', others) AS expected, 1 AS finding_count
FROM against
WHERE k >= 5 AND OBS_VALUE >= 10 AND OBS_VALUE >= 4 * others
  AND 2 * (sqrt(OBS_VALUE + 0.375) - sqrt(others + 0.375)) / sqrt(1 + 1 / k) > 5
ORDER BY obs_id;
