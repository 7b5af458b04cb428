-- Adults among the victims of the sale of children or illegal adoption. No
-- other form is held against age: marriage, sexual exploitation and labour have
-- victims of every age. Level 1. One row: one State, period and table, at the widest such figure.
SELECT sheet, cell, '' AS context_sheet, '' AS context_cell,
    shown(LOWER_BOUND, UPPER_BOUND) || ' (' || REF_AREA || ' ' || TIME_PERIOD || ' ' || AGE || ')' AS found, '' AS expected, 1 AS finding_count
FROM work
WHERE role = 'figure' AND derivation IN ('reported', 'summed', 'rolled-up', 'counted') AND UNIT_MEASURE = 'NUMBER' AND COUNTING_UNIT = 'PERSON'
  AND INDICATOR IN ('VICTIMS_DETECTED', 'VICTIMS_ASSISTED', 'VICTIMS_REPATRIATED', 'ROUTE_VICTIMS')
  AND EXPLOITATION = 'CHILD_SALE' AND AGE = 'Y_GE18' AND LOWER_BOUND > 0 AND NOT (derivation = 'counted' AND FREQ = 'M')
QUALIFY row_number() OVER (PARTITION BY breakdown, REF_AREA, INDICATOR, TIME_PERIOD ORDER BY about(SEX, '_T', '_T', CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION) <> '', LOWER_BOUND DESC, seq) = 1
ORDER BY seq, TIME_PERIOD;
