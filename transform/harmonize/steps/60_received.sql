-- Purpose: figures received from another harmonised store are taken as they stand. Their totals
-- and sums are among them: the steps before this one make none of them again, and of a figure that
-- was withheld there is nothing to make. A sum that has but a lower bound lacks parts.
-- One row in: one figure of the submission (parameter) with a derivation. One row out: the same.
INSERT INTO work
SELECT breakdown, role, FREQ, REF_AREA, INDICATOR, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION, TIME_PERIOD,
    OBS_VALUE, LOWER_BOUND, UPPER_BOUND, UNIT_MEASURE, UNIT_MULT, DECIMALS, OBS_STATUS, CONF_STATUS, COUNTING_UNIT, VICTIM_STATUS,
    IDENTIFIED_BY, COVERAGE, LEGAL_ARTICLE, PERIOD_AS_REPORTED, SOURCE_AGENCY, COMMENT_OBS,
    -- Only of a withheld figure may nothing be said.
    CASE WHEN derivation = '' AND coalesce(OBS_VALUE, LOWER_BOUND, UPPER_BOUND) IS NOT NULL THEN 'reported' ELSE derivation END, '60_received', 1, CASE WHEN derivation NOT IN ('', 'reported') AND LOWER_BOUND IS NOT NULL AND UPPER_BOUND IS NULL THEN 1 ELSE 0 END, '',
    sheet, cell, raw_text, row_seq, false
FROM figure
WHERE submission_id = ? AND derivation IS NOT NULL
ORDER BY row_seq;
