-- One figure stands in two cells with the same value. One row: one further cell of such a key.
WITH k AS (
    SELECT f.sheet, f.cell, f.raw_text, f.row_seq, s.repeats,
        first_value(f.cell) OVER w AS first_cell, first_value(f.sheet) OVER w AS first_sheet, first_value(f.raw_text) OVER w AS first_text,
        row_number() OVER w AS n
    FROM figure f JOIN submission s USING (submission_id)
    WHERE f.submission_id = ?
    WINDOW w AS (PARTITION BY f.breakdown, f.role, f.area_detail, f.FREQ, f.REF_AREA, f.INDICATOR, f.SEX, f.AGE, f.EXPLOITATION, f.CITIZENSHIP,
        f.ORIGIN, f.TRANSIT, f.DESTINATION, f.TIME_PERIOD, f.UNIT_MEASURE, f.COUNTING_UNIT, f.VICTIM_STATUS ORDER BY f.row_seq
        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING))
SELECT sheet, cell, first_sheet AS context_sheet, first_cell AS context_cell, raw_text AS found, '' AS expected, 1 AS finding_count
FROM k
WHERE n > 1 AND repeats = 'conflict' AND raw_text = first_text
ORDER BY row_seq;
