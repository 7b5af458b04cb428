-- More victims assisted in a year, or more residence permits granted to them,
-- than victims detected in it, by more than chance and the size of the counts
-- explain (words.sql, improbable). A little more is no fault: who was detected
-- last year may be assisted in this one. Detected are all kinds of victims
-- together, of the same source. Level 1. One row: one State's indicator and year.
SELECT a.sheet, a.cell, CASE WHEN bool_and(d.file = '') THEN min(d.sheet) ELSE '' END AS context_sheet,
    CASE WHEN bool_and(d.file = '') THEN min(d.cell) ELSE '' END AS context_cell,
    shown(a.lo, a.up) || ' (' || a.INDICATOR || ', ' || a.REF_AREA || ' ' || a.TIME_PERIOD || ')' AS found,
    shown(total(d.lo), total(d.up)) || CASE WHEN bool_and(d.file = '') THEN '' ELSE ' (' || substr(elsewhere(max(d.file), first(d.sheet ORDER BY d.file DESC, d.sheet, d.cell), first(d.cell ORDER BY d.file DESC, d.sheet, d.cell)), 3) || ')' END AS expected,
    1 AS finding_count
FROM series a JOIN series d USING (REF_AREA, SOURCE_AGENCY, COUNTING_UNIT, begins, y)
WHERE a.INDICATOR IN ('VICTIMS_ASSISTED', 'RESIDENCE_PERMITS') AND a.file = '' AND d.INDICATOR = 'VICTIMS_DETECTED'
GROUP BY a.sheet, a.cell, a.lo, a.up, a.INDICATOR, a.REF_AREA, a.TIME_PERIOD
HAVING a.lo > total(d.up) AND improbable(a.lo, a.up, total(d.lo), total(d.up))
ORDER BY a.REF_AREA, a.TIME_PERIOD, a.INDICATOR, a.sheet, a.cell;
