-- A withheld or censored part that the total and the other parts give away:
-- all of a table that splits completely is known but one. The figure itself is
-- not said here. Level 1. One row: one table and dimension, at the first such
-- part; the count is of totals.
WITH part AS (
    SELECT *, CASE WHEN s_sex THEN SEX ELSE AGE END AS own, coalesce(a.parent, '') AS above, CASE WHEN s_sex THEN 'SEX' ELSE 'AGE' END AS dimension
    FROM work w CROSS JOIN (VALUES (true), (false)) v(s_sex) LEFT JOIN codelist a ON a.list = 'CL_AGE' AND a.code = w.AGE
    WHERE w.role = 'figure' AND w.derivation = 'reported' AND NOT w.conflict AND w.UNIT_MEASURE = 'NUMBER' AND CASE WHEN s_sex THEN SEX ELSE AGE END <> '_T'),
unclear AS (
    SELECT breakdown, dimension, FREQ, REF_AREA, INDICATOR, CASE WHEN s_sex THEN '_T' ELSE SEX END AS SEX, CASE WHEN s_sex THEN AGE ELSE '_T' END AS AGE,
        EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION, TIME_PERIOD, COUNTING_UNIT, VICTIM_STATUS,
        coalesce(total(OBS_VALUE), 0) AS known, max(LOWER_BOUND) FILTER (OBS_VALUE IS NULL) AS lo, max(UPPER_BOUND) FILTER (OBS_VALUE IS NULL) AS up,
        min(seq) FILTER (OBS_VALUE IS NULL) AS seq, min(sheet) FILTER (OBS_VALUE IS NULL) AS sheet, min(cell) FILTER (OBS_VALUE IS NULL) AS cell
    FROM part
    WHERE s_sex OR above = ''
    GROUP BY ALL
    HAVING count(*) FILTER (OBS_VALUE IS NULL) = 1 AND count(*) FILTER (OBS_VALUE IS NULL AND OBS_STATUS = 'Q') = 1
       AND count(*) FILTER (own IN ('F', 'M', 'Y0T17', 'Y_GE18')) = 2)
SELECT arg_min(o.sheet, o.seq) AS sheet, arg_min(o.cell, o.seq) AS cell, arg_min(t.sheet, o.seq) AS context_sheet, arg_min(t.cell, o.seq) AS context_cell,
    o.breakdown || ' (' || o.dimension || ')' AS found, '' AS expected, count(*) AS finding_count
FROM unclear o JOIN work t USING (breakdown, FREQ, REF_AREA, INDICATOR, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION, TIME_PERIOD, COUNTING_UNIT, VICTIM_STATUS)
WHERE t.role = 'figure' AND t.derivation = 'reported' AND t.OBS_VALUE > 0 AND t.UNIT_MEASURE = 'NUMBER'
  AND t.OBS_VALUE - o.known BETWEEN coalesce(o.lo, 0) AND coalesce(o.up, t.OBS_VALUE) -- otherwise they contradict each other: TIP-V020
  AND EXISTS (FROM breakdown b WHERE b.submission_id = ? AND b.breakdown = o.breakdown AND b.dimension = o.dimension)
GROUP BY o.breakdown, o.dimension
ORDER BY min(o.seq), o.dimension;
