-- Figures for a period that had not ended on the day up to which the source is
-- complete (where it is not known: on the day of reception), and that are not
-- marked as provisional, estimated or forecast. Level 2. One row: one State,
-- indicator and period, at its first figure; the count is of figures.
SELECT arg_min(w.sheet, w.seq) AS sheet, arg_min(w.cell, w.seq) AS cell, '' AS context_sheet, '' AS context_cell,
    w.TIME_PERIOD || ' (' || w.REF_AREA || ' ' || w.INDICATOR || ')' AS found,
    strftime(min(coalesce(s.reference_date, CAST(s.received_at AS DATE))), '%Y-%m-%d') AS expected, count(DISTINCT w.seq) AS finding_count
FROM work w JOIN submission s ON s.submission_id = ?
WHERE (w.derivation = 'reported' OR w.step = '20_places' OR w.derivation = 'counted' AND w.FREQ = 'M')
  AND w.LOWER_BOUND IS NOT NULL AND w.OBS_STATUS NOT IN ('P', 'E', 'F')
  AND period_start(w.TIME_PERIOD) + to_months(CAST(period_months(w.TIME_PERIOD) AS INTEGER)) - INTERVAL 1 DAY > coalesce(s.reference_date, CAST(s.received_at AS DATE))
GROUP BY w.REF_AREA, w.INDICATOR, w.TIME_PERIOD
ORDER BY min(w.seq), w.TIME_PERIOD;
