-- Purpose: sub-national places add up to the State's figure for the period.
-- Bounds add up too: a sum over censored values is a range, and a sum with
-- missing places (n_missing > 0) is only a lower bound.
-- One row in: one key at one place (step 10). One row out: one national key.
INSERT INTO work
SELECT breakdown, role, FREQ, REF_AREA, INDICATOR, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION, TIME_PERIOD,
    CASE WHEN count(*) = count(OBS_VALUE) THEN sum(OBS_VALUE) END,
    sum(LOWER_BOUND),
    CASE WHEN count(*) = count(UPPER_BOUND) THEN sum(UPPER_BOUND) END,
    UNIT_MEASURE, min(UNIT_MULT), max(DECIMALS),
    CASE WHEN count(*) = count(OBS_VALUE) THEN max(OBS_STATUS) WHEN count(LOWER_BOUND) = 0 THEN min(OBS_STATUS) ELSE 'Q' END,
    max(CONF_STATUS), COUNTING_UNIT, VICTIM_STATUS, in_common(IDENTIFIED_BY, 'MULTIPLE'), in_common(COVERAGE, 'PARTIAL'), in_common(LEGAL_ARTICLE, ''),
    in_common(PERIOD_AS_REPORTED, ''), min(SOURCE_AGENCY), '',
    'summed', '20_places', sum(n_cells), count(*) - count(LOWER_BOUND), 'AREA_DETAIL',
    min_by(sheet, seq),
    min_by(split_part(cell, ':', 1), seq) || CASE WHEN count(*) > 1 THEN ':' || max_by(split_part(cell, ':', 1), seq) ELSE '' END,
    min_by(raw_text, seq), min(seq), bool_or(conflict)
FROM work
WHERE derivation = 'place'
GROUP BY breakdown, role, FREQ, REF_AREA, INDICATOR, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION, TIME_PERIOD,
    UNIT_MEASURE, COUNTING_UNIT, VICTIM_STATUS
ORDER BY min(seq);
