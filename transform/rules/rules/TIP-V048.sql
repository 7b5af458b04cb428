-- A figure that an earlier file of the same layout gave is now marked as not
-- available, not collected or not existing. (Withheld figures are left out: a
-- State may decide so.) Level 2. One row: one State, indicator and period, at
-- the first such cell; the count is of figures.
SELECT arg_min(w.sheet, w.seq) AS sheet, arg_min(w.cell, w.seq) AS cell, '' AS context_sheet, '' AS context_cell,
    arg_min(w.OBS_STATUS, w.seq) || ' (' || REF_AREA || ' ' || INDICATOR || ' ' || TIME_PERIOD || ')' AS found,
    arg_min(shown(e.LOWER_BOUND, e.UPPER_BOUND) || elsewhere(e.file_name, e.sheet, e.cell), w.seq) AS expected, count(DISTINCT (w.breakdown, w.seq)) AS finding_count
FROM work w JOIN earlier e USING (FREQ, REF_AREA, INDICATOR, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION, TIME_PERIOD,
    COUNTING_UNIT, VICTIM_STATUS, UNIT_MEASURE, SOURCE_AGENCY)
WHERE w.derivation = 'reported' AND w.role = 'figure' AND NOT w.conflict AND w.LOWER_BOUND IS NULL AND w.OBS_STATUS IN ('O', 'L', 'M')
  AND e.derivation = 'reported' AND e.LOWER_BOUND IS NOT NULL AND e.layout = (SELECT layout FROM submission WHERE submission_id = ?)
GROUP BY REF_AREA, INDICATOR, TIME_PERIOD
ORDER BY min(w.seq);
