-- Purpose: in what other way the store holds figures of which a table has none.
-- One row is: one indicator and the dimensions by which most of its figures are split. Inputs: observation_current.
-- $indicators and $states are JSON lists of codes.
SELECT INDICATOR, concat_ws(' ', CASE WHEN SEX NOT IN ('_T', '_Z') THEN 'SEX' END, CASE WHEN AGE NOT IN ('_T', '_Z') THEN 'AGE' END,
        CASE WHEN EXPLOITATION NOT IN ('_T', '_Z') THEN 'EXPLOITATION' END, CASE WHEN CITIZENSHIP NOT IN ('_T', '_Z') THEN 'CITIZENSHIP' END,
        CASE WHEN ORIGIN NOT IN ('_T', '_Z') THEN 'ORIGIN' END, CASE WHEN TRANSIT NOT IN ('_T', '_Z') THEN 'TRANSIT' END,
        CASE WHEN DESTINATION NOT IN ('_T', '_Z') THEN 'DESTINATION' END) AS split_by, count(*) AS n
FROM observation_current
WHERE preferred AND (coalesce(OBS_VALUE, LOWER_BOUND, UPPER_BOUND) IS NOT NULL OR OBS_STATUS = 'Q') -- withheld, but held
  AND INDICATOR IN (SELECT unnest(from_json($indicators, '["VARCHAR"]'))) AND REF_AREA IN (SELECT unnest(from_json($states, '["VARCHAR"]')))
GROUP BY INDICATOR, split_by
HAVING split_by <> ''
QUALIFY row_number() OVER (PARTITION BY INDICATOR ORDER BY len(string_split(split_by, ' ')), n DESC, split_by) = 1
ORDER BY INDICATOR
