-- A figure that is its own year: a year typed, or copied, into the column of
-- figures. Level 1. One row: one figure.
SELECT sheet, cell, '' AS context_sheet, '' AS context_cell,
    printf('%.15g', OBS_VALUE) || ' (' || concat_ws(' ', REF_AREA, INDICATOR, nullif(about(SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION), '')) || ')' AS found,
    TIME_PERIOD AS expected, 1 AS finding_count
FROM work
WHERE derivation = 'reported' AND UNIT_MEASURE = 'NUMBER' AND UNIT_MULT = 0 AND OBS_VALUE = ref_year(TIME_PERIOD) AND OBS_VALUE >= 1990
ORDER BY seq;
