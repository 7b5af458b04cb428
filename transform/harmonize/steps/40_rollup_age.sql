-- Purpose: codes of AGE add up to their parent (CL_AGE), so that sources with
-- finer codes stand beside coarser ones. A parent that was reported too is
-- kept and stays the one that tables use.
-- One row in: one key with a code that has a parent. One row out: the parent's key.
INSERT INTO work
SELECT w.breakdown, w.role, FREQ, REF_AREA, INDICATOR, SEX, c.parent, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION, TIME_PERIOD,
    CASE WHEN count(*) = count(OBS_VALUE) THEN sum(OBS_VALUE) END,
    sum(LOWER_BOUND),
    CASE WHEN count(*) = count(UPPER_BOUND) THEN sum(UPPER_BOUND) END,
    UNIT_MEASURE, any_value(UNIT_MULT), max(DECIMALS),
    CASE WHEN count(*) = count(OBS_VALUE) THEN max(OBS_STATUS) WHEN count(LOWER_BOUND) = 0 THEN min(OBS_STATUS) ELSE 'Q' END,
    max(CONF_STATUS), COUNTING_UNIT, VICTIM_STATUS, any_value(IDENTIFIED_BY), any_value(COVERAGE), any_value(LEGAL_ARTICLE),
    any_value(PERIOD_AS_REPORTED), any_value(SOURCE_AGENCY), '',
    'rolled-up', '40_rollup_age', sum(n_cells), count(*) FILTER (n_missing > 0 OR LOWER_BOUND IS NULL),
    ltrim(any_value(summed_over) || ',AGE', ','),
    min_by(sheet, seq),
    min_by(split_part(cell, ':', 1), seq) || ':' || max_by(split_part(cell, ':', -1), seq), min_by(raw_text, seq), min(seq), bool_or(conflict)
FROM work w JOIN codelist c ON c.list = 'CL_AGE' AND c.code = w.AGE AND c.parent <> ''
GROUP BY w.breakdown, w.role, FREQ, REF_AREA, INDICATOR, SEX, EXPLOITATION, c.parent, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION, TIME_PERIOD,
    UNIT_MEASURE, COUNTING_UNIT, VICTIM_STATUS
ORDER BY min(seq);
