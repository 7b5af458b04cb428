-- The parts of one table add up to more than the total that another table (or
-- one that does not declare to split completely) reports. Fewer is no fault:
-- the rest may not be broken down. Forms of exploitation and countries of
-- transit are left out, since one person may have several. Where one part
-- alone is above the total, TIP-V030 says so; where the parts are declared to
-- be all, TIP-V020 or TIP-V043. Level 1. One row: one table's parts against one total.
WITH sums AS (
    SELECT u.breakdown, u.FREQ, u.REF_AREA, u.INDICATOR, u.SEX, u.AGE, u.EXPLOITATION, u.CITIZENSHIP, u.ORIGIN, u.TRANSIT, u.DESTINATION,
        u.TIME_PERIOD, u.COUNTING_UNIT, u.VICTIM_STATUS, u.over_dims[1] AS dimension,
        total(u.LOWER_BOUND) AS lo, total(u.UPPER_BOUND) AS up, max(u.LOWER_BOUND) AS biggest, count(*) AS n,
        min(u.seq) AS first_seq, min_by(u.sheet, u.seq) AS first_sheet, cell_range(u.cell, u.seq) AS cells
    FROM upward u LEFT JOIN codelist a ON a.list = 'CL_AGE' AND a.code = u.own AND u.over_dims = ['AGE']
    WHERE len(u.over_dims) = 1 AND u.over_dims[1] IN ('SEX', 'AGE', 'CITIZENSHIP', 'ORIGIN', 'DESTINATION')
      AND coalesce(a.parent, '') = '' AND u.own <> 'FOREIGN' AND NOT regexp_full_match(u.own, '[0-9]+') -- subtotals of others
    GROUP BY ALL)
SELECT t.sheet, t.cell, p.first_sheet AS context_sheet, p.cells AS context_cell,
    shown(t.LOWER_BOUND, t.UPPER_BOUND) || ' (' || t.REF_AREA || ' ' || t.TIME_PERIOD || ')' AS found,
    shown(p.lo, p.up) || ' (' || p.dimension || ')' AS expected, 1 AS finding_count
FROM sums p JOIN stated t USING (FREQ, REF_AREA, INDICATOR, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION,
    TIME_PERIOD, COUNTING_UNIT, VICTIM_STATUS)
WHERE t.derivation <> 'counted' AND t.step <> '25_months' AND t.UPPER_BOUND > 0 AND p.n > 1
  AND NOT EXISTS (FROM breakdown b WHERE b.submission_id = ? AND b.breakdown = p.breakdown AND b.dimension = p.dimension
      AND (p.breakdown = t.breakdown OR no_parts(t.SEX, t.AGE, t.EXPLOITATION, t.CITIZENSHIP, t.ORIGIN, t.TRANSIT, t.DESTINATION)))
QUALIFY row_number() OVER (PARTITION BY p.breakdown, p.dimension, p.first_seq, p.SEX, p.AGE, p.TIME_PERIOD ORDER BY t.UPPER_BOUND DESC, t.seq) = 1
    AND p.lo > t.UPPER_BOUND AND p.biggest <= t.UPPER_BOUND
ORDER BY p.first_seq, p.dimension;
