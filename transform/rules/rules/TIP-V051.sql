-- Two States report one flow and period and differ by more than chance and the
-- size of the counts explain (words.sql, improbable). The partner's figure is of
-- the newest file in the store that has it; counting unit and kind of victim
-- must be the same. Level 3. One row: one flow of one State.
WITH flow AS (
    SELECT o.submission_id, o.obs_id, o.REF_AREA, o.ORIGIN, o.DESTINATION, o.TIME_PERIOD, o.COUNTING_UNIT, o.VICTIM_STATUS, o.LOWER_BOUND AS lo, o.UPPER_BOUND AS up,
        o.sheet, o.cell, s.file_name, s.seq
    FROM observation o JOIN (SELECT submission_id, file_name, seq FROM submission WHERE submission_id NOT IN (SELECT submission_id FROM submission_withdrawn)) s USING (submission_id)
    WHERE INDICATOR = 'ROUTE_VICTIMS' AND preferred AND FREQ = 'A' AND UNIT_MEASURE = 'NUMBER' AND UNIT_MULT = 0
      AND no_parts(SEX, AGE, EXPLOITATION, CITIZENSHIP, '_T', TRANSIT, '_T') AND is_country(ORIGIN) AND is_country(DESTINATION) AND ORIGIN <> DESTINATION
      AND REF_AREA IN (ORIGIN, DESTINATION) AND LOWER_BOUND IS NOT NULL AND UPPER_BOUND IS NOT NULL)
SELECT a.sheet, a.cell, CASE WHEN a.submission_id = b.submission_id THEN b.sheet ELSE '' END AS context_sheet,
    CASE WHEN a.submission_id = b.submission_id THEN b.cell ELSE '' END AS context_cell,
    shown(a.lo, a.up) || ' (' || ORIGIN || ' → ' || DESTINATION || ' ' || TIME_PERIOD || ')' AS found,
    shown(b.lo, b.up) || ' (' || b.REF_AREA || elsewhere(CASE WHEN a.submission_id = b.submission_id THEN '' ELSE b.file_name END, b.sheet, b.cell) || ')' AS expected,
    1 AS finding_count
FROM flow a JOIN flow b USING (ORIGIN, DESTINATION, TIME_PERIOD, COUNTING_UNIT, VICTIM_STATUS)
WHERE a.submission_id = ? AND b.seq <= a.seq AND a.REF_AREA <> b.REF_AREA AND (a.submission_id <> b.submission_id OR a.REF_AREA < b.REF_AREA)
QUALIFY row_number() OVER (PARTITION BY a.obs_id ORDER BY b.seq DESC, b.obs_id) = 1 AND improbable(a.lo, a.up, b.lo, b.up)
ORDER BY a.obs_id;
