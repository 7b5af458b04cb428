-- One figure stands in two cells with different values (and the layout does
-- not say that repeats add up). Level 1. One row: one further cell of such a key that
-- differs from the first.
WITH k AS (
    SELECT f.sheet, f.cell, f.raw_text, f.row_seq, s.repeats,
        -- what two cells must share to say the same: as in step 10 of the harmonisation
        row(f.OBS_VALUE, f.LOWER_BOUND, f.UPPER_BOUND, CASE WHEN f.LOWER_BOUND IS NULL THEN f.OBS_STATUS END,
            f.IDENTIFIED_BY, f.COVERAGE, f.LEGAL_ARTICLE) AS said,
        first_value(said) OVER w AS first_said, first_value(f.cell) OVER w AS first_cell, first_value(f.sheet) OVER w AS first_sheet,
        first_value(f.raw_text) OVER w AS first_text, row_number() OVER w AS n
    FROM figure f JOIN submission s USING (submission_id)
    WHERE f.submission_id = ?
    WINDOW w AS (PARTITION BY f.breakdown, f.role, f.area_detail, f.FREQ, f.REF_AREA, f.INDICATOR, f.SEX, f.AGE, f.EXPLOITATION, f.CITIZENSHIP,
        f.ORIGIN, f.TRANSIT, f.DESTINATION, f.TIME_PERIOD, f.UNIT_MEASURE, f.UNIT_MULT, f.COUNTING_UNIT, f.VICTIM_STATUS ORDER BY f.row_seq
        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING))
SELECT sheet, cell, first_sheet AS context_sheet, first_cell AS context_cell, coalesce(nullif(first_text, ''), '–') || ' | ' || coalesce(nullif(raw_text, ''), '–') AS found, '' AS expected, 1 AS finding_count
FROM k
WHERE n > 1 AND repeats <> 'add' AND said IS DISTINCT FROM first_said
ORDER BY row_seq;
