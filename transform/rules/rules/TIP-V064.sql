-- The victims of all routes of a year are more than the victims that the same
-- source detected in it: one whose route is known was detected. Fewer is no
-- fault, since the route is often not known. Groups of countries are left out of
-- the sum, and a route with several transits counts once where it is given
-- without them too. Detected are all kinds of victims together. Level 1. One
-- row: one table of routes and year.
WITH route AS (
    SELECT breakdown, REF_AREA, SOURCE_AGENCY, COUNTING_UNIT, TIME_PERIOD, VICTIM_STATUS, ORIGIN, DESTINATION,
        CASE WHEN bool_or(TRANSIT = '_T') THEN max(LOWER_BOUND) FILTER (TRANSIT = '_T') ELSE total(LOWER_BOUND) END AS lo,
        CASE WHEN bool_or(TRANSIT = '_T') THEN max(UPPER_BOUND) FILTER (TRANSIT = '_T') ELSE total(UPPER_BOUND) END AS up,
        min(seq) AS seq, min_by(sheet, seq) AS sheet, cell_range(cell, seq) AS cell
    FROM stated
    WHERE INDICATOR = 'ROUTE_VICTIMS' AND FREQ = 'A' AND no_parts(SEX, AGE, EXPLOITATION, CITIZENSHIP, '_T', '_T', '_T')
      AND ORIGIN NOT IN ('_T', 'FOREIGN') AND DESTINATION NOT IN ('_T', 'FOREIGN') AND NOT regexp_full_match(ORIGIN || DESTINATION, '.*[0-9].*')
    GROUP BY ALL),
routes AS (
    SELECT breakdown, REF_AREA, SOURCE_AGENCY, COUNTING_UNIT, TIME_PERIOD, total(lo) AS lo, total(up) AS up,
        min(seq) AS seq, min_by(sheet, seq) AS sheet, cell_range(cell, seq) AS cell
    FROM route GROUP BY ALL),
detected AS (
    SELECT REF_AREA, SOURCE_AGENCY, COUNTING_UNIT, TIME_PERIOD, total(lo) AS lo, total(up) AS up, max(file) AS file,
        first(sheet ORDER BY file DESC, sheet, cell) AS sheet, first(cell ORDER BY file DESC, sheet, cell) AS cell
    FROM series WHERE INDICATOR = 'VICTIMS_DETECTED' GROUP BY ALL)
SELECT r.sheet, r.cell, CASE WHEN d.file = '' THEN d.sheet ELSE '' END AS context_sheet, CASE WHEN d.file = '' THEN d.cell ELSE '' END AS context_cell,
    shown(r.lo, r.up) || ' (' || REF_AREA || ' ' || TIME_PERIOD || ')' AS found,
    shown(d.lo, d.up) || CASE WHEN d.file = '' THEN '' ELSE ' (' || substr(elsewhere(d.file, d.sheet, d.cell), 3) || ')' END AS expected, 1 AS finding_count
FROM routes r JOIN detected d USING (REF_AREA, SOURCE_AGENCY, COUNTING_UNIT, TIME_PERIOD)
WHERE r.lo > d.up
ORDER BY r.seq, TIME_PERIOD;
