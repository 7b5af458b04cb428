-- A reported total is not the sum of its parts: the interval of the total and
-- that of the sum do not meet. With parts missing only a sum above the total
-- is a contradiction. Level 1. One row: one total against one way of summing.
SELECT t.sheet, t.cell, p.sheet AS context_sheet, p.cell AS context_cell,
    CASE WHEN t.OBS_VALUE IS NULL THEN printf('%.15g–%.15g', t.LOWER_BOUND, t.UPPER_BOUND) ELSE printf('%.15g', t.OBS_VALUE) END AS found,
    CASE WHEN p.OBS_VALUE IS NULL THEN printf('%.15g–', p.LOWER_BOUND) || coalesce(printf('%.15g', p.UPPER_BOUND), '') ELSE printf('%.15g', p.OBS_VALUE) END
        || ' (' || p.summed_over || ', ' || t.TIME_PERIOD || ')' AS expected,
    1 AS finding_count
FROM work t JOIN work p USING (breakdown, FREQ, REF_AREA, INDICATOR, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION,
    TIME_PERIOD, UNIT_MEASURE, UNIT_MULT, COUNTING_UNIT, VICTIM_STATUS)
WHERE t.role = 'figure'
  AND (t.derivation IN ('reported', 'summed') AND p.derivation = 'sum-of-parts'
       -- a reported year beside its months, a State beside its places, an age beside its bands
       OR t.derivation = 'reported' AND p.role = 'figure' AND p.derivation IN ('summed', 'rolled-up') AND p.step <> '41_rollup_exploitation')
  AND NOT (t.UPPER_BOUND = 0 AND p.derivation IN ('sum-of-parts', 'rolled-up')) -- TIP-V031
  AND NOT t.conflict AND NOT p.conflict
  AND t.n_missing = 0
  AND (t.UPPER_BOUND < p.LOWER_BOUND OR (p.n_missing = 0 AND t.LOWER_BOUND > p.UPPER_BOUND))
ORDER BY t.seq, p.summed_over, p.step, p.seq;
