-- Purpose: sub-national places add up to the State's figure for the period.
-- Bounds add up too: a sum over censored values is a range, and a sum with
-- missing places (n_missing > 0) is only a lower bound. Rates of places do not
-- add up: their State's figure is not known.
-- One row in: one key at one place (step 10). One row out: one national key.
INSERT INTO work
SELECT breakdown, role, FREQ, REF_AREA, INDICATOR, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION, TIME_PERIOD,
    CASE WHEN UNIT_MEASURE = 'NUMBER' THEN whole_total(OBS_VALUE, true) END,
    CASE WHEN UNIT_MEASURE = 'NUMBER' THEN total(LOWER_BOUND) END,
    CASE WHEN UNIT_MEASURE = 'NUMBER' THEN whole_total(UPPER_BOUND, true) END,
    UNIT_MEASURE, UNIT_MULT, max(DECIMALS),
    CASE WHEN UNIT_MEASURE = 'NUMBER' THEN sum_status(OBS_STATUS, OBS_VALUE, LOWER_BOUND, UPPER_BOUND, true) ELSE 'O' END,
    sum_conf(CONF_STATUS), COUNTING_UNIT, VICTIM_STATUS, in_common(IDENTIFIED_BY, 'MULTIPLE'), in_common(COVERAGE, 'PARTIAL'), in_common(LEGAL_ARTICLE, ''),
    in_common(PERIOD_AS_REPORTED, ''), min(SOURCE_AGENCY), '',
    'summed', '20_places', sum(n_cells), CASE WHEN UNIT_MEASURE = 'NUMBER' THEN parts_missing(n_missing, LOWER_BOUND) ELSE count(*) END,
    'AREA_DETAIL', min_by(sheet, seq), cell_range(cell, seq), min_by(raw_text, seq), min(seq), bool_or(conflict)
FROM work
WHERE derivation = 'place'
GROUP BY breakdown, role, FREQ, REF_AREA, INDICATOR, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION, TIME_PERIOD,
    UNIT_MEASURE, UNIT_MULT, COUNTING_UNIT, VICTIM_STATUS
ORDER BY min(seq);
