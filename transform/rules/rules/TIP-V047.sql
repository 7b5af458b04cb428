-- A figure moved between an earlier file of the same layout and this one by
-- more than the size of the counts explains (words.sql, far_apart: from 100 to
-- 165, say). Two vintages are not two samples; the scale serves to let small
-- corrections pass, for small States as for large. Parts are told only where
-- their total did not move so. Level 2. One row: one figure.
WITH moved AS (
    SELECT o.sheet, o.cell, REF_AREA, INDICATOR, TIME_PERIOD, COUNTING_UNIT, VICTIM_STATUS, o.obs_id,
        about(SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION) AS part,
        shown(o.LOWER_BOUND, o.UPPER_BOUND) AS now, shown(e.LOWER_BOUND, e.UPPER_BOUND) || elsewhere(e.file_name, e.sheet, e.cell) AS was
    FROM observation o JOIN (SELECT submission_id, layout FROM submission) s USING (submission_id)
    JOIN earlier e USING (layout, FREQ, REF_AREA, INDICATOR, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION, TIME_PERIOD,
        COUNTING_UNIT, VICTIM_STATUS, UNIT_MEASURE, UNIT_MULT, SOURCE_AGENCY)
    WHERE o.submission_id = ? AND o.preferred AND UNIT_MEASURE = 'NUMBER' AND UNIT_MULT = 0 AND o.COMMENT_OBS <> 'conflict'
      AND far_apart(o.LOWER_BOUND, o.UPPER_BOUND, e.LOWER_BOUND, e.UPPER_BOUND)
    QUALIFY row_number() OVER (PARTITION BY o.obs_id ORDER BY e.submission_seq DESC) = 1)
SELECT sheet, cell, '' AS context_sheet, '' AS context_cell,
    now || ' (' || concat_ws(' ', REF_AREA, INDICATOR, TIME_PERIOD, nullif(part, '')) || ')' AS found, was AS expected, 1 AS finding_count
FROM moved m
WHERE part = '' OR NOT EXISTS (FROM moved t WHERE t.part = '' AND t.REF_AREA = m.REF_AREA AND t.INDICATOR = m.INDICATOR AND t.TIME_PERIOD = m.TIME_PERIOD
    AND t.COUNTING_UNIT = m.COUNTING_UNIT AND t.VICTIM_STATUS = m.VICTIM_STATUS)
ORDER BY obs_id;
