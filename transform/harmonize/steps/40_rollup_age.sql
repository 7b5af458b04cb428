-- Purpose: codes of AGE add up to their parent (CL_AGE), so that sources with
-- finer codes stand beside coarser ones. A parent that was reported too is
-- kept and stays the one that tables use. Bands that leave out some years of
-- the parent give only a lower bound; bands that overlap are not added. (Cases
-- were counted under the parent already.)
-- One row in: one key with a code that has a parent. One row out: the parent's key.
INSERT INTO work
WITH banded AS ( -- years of the parent that the bands leave out; below 0 they overlap
    SELECT w.*, c.parent,
        coalesce(coalesce(age_to(c.parent) + 1, min(age_from(w.AGE)) FILTER (age_to(w.AGE) IS NULL) OVER one)
            - age_from(c.parent) - coalesce(sum(age_to(w.AGE) - age_from(w.AGE) + 1) OVER one, 0), 1) AS left_out
    FROM work w JOIN codelist c ON c.list = 'CL_AGE' AND c.code = w.AGE AND c.parent <> ''
    WHERE derivation <> 'counted'
    WINDOW one AS (PARTITION BY w.breakdown, w.role, FREQ, REF_AREA, INDICATOR, SEX, EXPLOITATION, c.parent, CITIZENSHIP, ORIGIN, TRANSIT,
        DESTINATION, TIME_PERIOD, UNIT_MEASURE, COUNTING_UNIT, VICTIM_STATUS))
SELECT breakdown, role, FREQ, REF_AREA, INDICATOR, SEX, parent, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION, TIME_PERIOD,
    CASE WHEN count(*) = count(OBS_VALUE) AND max(left_out) = 0 THEN sum(OBS_VALUE) END,
    sum(LOWER_BOUND),
    CASE WHEN count(*) = count(UPPER_BOUND) AND max(left_out) = 0 THEN sum(UPPER_BOUND) END,
    UNIT_MEASURE, min(UNIT_MULT), max(DECIMALS),
    CASE WHEN count(*) = count(OBS_VALUE) THEN max(OBS_STATUS) WHEN count(LOWER_BOUND) = 0 THEN min(OBS_STATUS) ELSE 'Q' END,
    max(CONF_STATUS), COUNTING_UNIT, VICTIM_STATUS, in_common(IDENTIFIED_BY, 'MULTIPLE'), in_common(COVERAGE, 'PARTIAL'), in_common(LEGAL_ARTICLE, ''),
    in_common(PERIOD_AS_REPORTED, ''), min(SOURCE_AGENCY), '',
    'rolled-up', '40_rollup_age', sum(n_cells), count(*) FILTER (n_missing > 0 OR LOWER_BOUND IS NULL) + CAST(max(left_out) > 0 AS INTEGER),
    ltrim(min(summed_over) || ',AGE', ','),
    min_by(sheet, seq),
    min_by(split_part(cell, ':', 1), seq) || ':' || max_by(split_part(cell, ':', -1), seq), min_by(raw_text, seq), min(seq), bool_or(conflict)
FROM banded
WHERE left_out >= 0
GROUP BY breakdown, role, FREQ, REF_AREA, INDICATOR, SEX, EXPLOITATION, parent, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION, TIME_PERIOD,
    UNIT_MEASURE, COUNTING_UNIT, VICTIM_STATUS
ORDER BY min(seq);
