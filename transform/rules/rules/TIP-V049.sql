-- A rate above 100 in 100,000 inhabitants: the bound is set far above what any
-- file read so far holds. More likely a count, or a rate per million. Level 1.
-- One row: one rate.
SELECT sheet, cell, '' AS context_sheet, '' AS context_cell,
    shown(LOWER_BOUND, UPPER_BOUND) || ' (' || concat_ws(' ', REF_AREA, TIME_PERIOD, nullif(about(SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION), '')) || ')' AS found,
    '100' AS expected, 1 AS finding_count
FROM work
WHERE UNIT_MEASURE = 'PER_100000_POP' AND derivation = 'reported' AND LOWER_BOUND * power(10, UNIT_MULT) > 100
ORDER BY seq;
