-- Purpose: codes of AGE add up to their parent (CL_AGE), so that sources with
-- finer codes stand beside coarser ones. A parent that was reported too is
-- kept and stays the one that tables use. Bands that leave out some years of
-- the parent give only a lower bound; bands that overlap are not added. (Cases
-- were counted under the parent already; rates do not add up.)
-- One row in: one key with a code that has a parent. One row out: the parent's key.
INSERT INTO work
WITH best AS ( -- one row a key: the figure as reported before one that was made
    SELECT * FROM work
    WHERE UNIT_MEASURE = 'NUMBER' AND derivation <> 'counted'
    QUALIFY row_number() OVER (PARTITION BY breakdown, role, FREQ, REF_AREA, INDICATOR, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT,
        DESTINATION, TIME_PERIOD, UNIT_MULT, COUNTING_UNIT, VICTIM_STATUS ORDER BY step, seq) = 1),
banded AS ( -- years of the parent that the bands leave out, and whether a band begins within one before it
    SELECT w.*, c.parent,
        coalesce(coalesce(age_to(c.parent) + 1, min(age_from(w.AGE)) FILTER (age_to(w.AGE) IS NULL) OVER one)
            - age_from(c.parent) - coalesce(sum(age_to(w.AGE) - age_from(w.AGE) + 1) OVER one, 0), 1) AS left_out,
        max(coalesce(age_to(w.AGE), 999)) OVER (one ORDER BY age_from(w.AGE), w.AGE ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) >= age_from(w.AGE) AS within
    FROM best w JOIN codelist c ON c.list = 'CL_AGE' AND c.code = w.AGE AND c.parent <> ''
    WINDOW one AS (PARTITION BY w.breakdown, w.role, FREQ, REF_AREA, INDICATOR, SEX, EXPLOITATION, c.parent, CITIZENSHIP, ORIGIN, TRANSIT,
        DESTINATION, TIME_PERIOD, UNIT_MULT, COUNTING_UNIT, VICTIM_STATUS))
SELECT breakdown, role, FREQ, REF_AREA, INDICATOR, SEX, parent, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION, TIME_PERIOD,
    whole_total(OBS_VALUE, max(left_out) = 0), total(LOWER_BOUND), whole_total(UPPER_BOUND, max(left_out) = 0),
    UNIT_MEASURE, UNIT_MULT, max(DECIMALS),
    sum_status(OBS_STATUS, OBS_VALUE, LOWER_BOUND, UPPER_BOUND, max(left_out) = 0),
    sum_conf(CONF_STATUS), COUNTING_UNIT, VICTIM_STATUS, in_common(IDENTIFIED_BY, 'MULTIPLE'), in_common(COVERAGE, 'PARTIAL'), in_common(LEGAL_ARTICLE, ''),
    in_common(PERIOD_AS_REPORTED, ''), min(SOURCE_AGENCY), '',
    'rolled-up', '40_rollup_age', sum(n_cells), parts_missing(n_missing, LOWER_BOUND) + CAST(max(left_out) > 0 AS INTEGER),
    over_too(summed_over, 'AGE'), min_by(sheet, seq), cell_range(cell, seq), min_by(raw_text, seq), min(seq), bool_or(conflict)
FROM banded
GROUP BY breakdown, role, FREQ, REF_AREA, INDICATOR, SEX, EXPLOITATION, parent, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION, TIME_PERIOD,
    UNIT_MEASURE, UNIT_MULT, COUNTING_UNIT, VICTIM_STATUS
HAVING NOT coalesce(bool_or(within), false)
ORDER BY min(seq), parent;
