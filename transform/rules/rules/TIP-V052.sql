-- A State had more of its nationals repatriated from another State in a year
-- than that State says that it detected of that citizenship, by more than
-- chance and the size of the counts explain (words.sql, improbable). Fewer is no
-- fault: not all go home, nor in the same year. Level 3. One row: one pair of States and a year.
WITH home AS (
    SELECT *, LOWER_BOUND AS lo, UPPER_BOUND AS up FROM observation
    WHERE submission_id = ? AND INDICATOR = 'VICTIMS_REPATRIATED' AND preferred AND FREQ = 'A' AND UNIT_MEASURE = 'NUMBER' AND UNIT_MULT = 0
      AND no_parts(SEX, AGE, EXPLOITATION, '_T', ORIGIN, TRANSIT, '_T') AND CITIZENSHIP IN ('_T', REF_AREA) AND is_country(DESTINATION) AND LOWER_BOUND > 0),
detected AS (
    SELECT o.*, LOWER_BOUND AS lo, UPPER_BOUND AS up, s.file_name, s.seq FROM observation o JOIN (SELECT submission_id, file_name, seq FROM submission WHERE submission_id NOT IN (SELECT submission_id FROM submission_withdrawn)) s USING (submission_id)
    WHERE INDICATOR = 'VICTIMS_DETECTED' AND preferred AND FREQ = 'A' AND UNIT_MEASURE = 'NUMBER' AND UNIT_MULT = 0
      AND no_parts(SEX, AGE, EXPLOITATION, '_T', ORIGIN, TRANSIT, DESTINATION) AND is_country(CITIZENSHIP) AND UPPER_BOUND IS NOT NULL AND LOWER_BOUND IS NOT NULL)
SELECT h.sheet, h.cell, CASE WHEN h.submission_id = d.submission_id THEN d.sheet ELSE '' END AS context_sheet,
    CASE WHEN h.submission_id = d.submission_id THEN d.cell ELSE '' END AS context_cell,
    shown(h.lo, h.up) || ' (' || h.DESTINATION || ' → ' || h.REF_AREA || ' ' || h.TIME_PERIOD || ')' AS found,
    shown(d.lo, d.up) || ' (' || d.REF_AREA || elsewhere(CASE WHEN h.submission_id = d.submission_id THEN '' ELSE d.file_name END, d.sheet, d.cell) || ')' AS expected,
    1 AS finding_count
FROM home h JOIN detected d ON d.REF_AREA = h.DESTINATION AND d.CITIZENSHIP = h.REF_AREA AND d.TIME_PERIOD = h.TIME_PERIOD AND d.COUNTING_UNIT = h.COUNTING_UNIT
WHERE d.REF_AREA <> h.REF_AREA
QUALIFY row_number() OVER (PARTITION BY h.obs_id ORDER BY d.seq DESC, d.lo DESC, d.obs_id) = 1 AND h.lo > d.up AND improbable(h.lo, h.up, d.lo, d.up)
ORDER BY h.obs_id;
