-- More than 100,000 persons in one figure: more often two numbers in one cell,
-- or a thousands mark read as none, than the truth. Level 1. One row: one figure.
SELECT sheet, cell, '' AS context_sheet, '' AS context_cell,
    shown(LOWER_BOUND, UPPER_BOUND) || ' (' || REF_AREA || ' ' || INDICATOR || ' ' || TIME_PERIOD || ')' AS found, '100000' AS expected, 1 AS finding_count
FROM work
WHERE derivation = 'reported' AND UNIT_MEASURE = 'NUMBER' AND COUNTING_UNIT = 'PERSON' AND INDICATOR NOT IN ('PERSONS_TRAINED', 'POPULATION')
  AND LOWER_BOUND * power(10, UNIT_MULT) > 100000
ORDER BY seq;
