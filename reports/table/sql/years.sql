-- Purpose: the years of which the store speaks. One row is: one year. Inputs: observation_current.
SELECT DISTINCT REF_YEAR FROM observation_current
WHERE preferred AND (coalesce(OBS_VALUE, LOWER_BOUND, UPPER_BOUND) IS NOT NULL OR OBS_STATUS = 'Q') -- withheld, but reported
ORDER BY REF_YEAR
