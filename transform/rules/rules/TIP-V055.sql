-- A count of persons, cases, incidents, offences or referrals with decimals, in
-- a layout that reads decimals. Level 1. One row: one figure.
SELECT sheet, cell, '' AS context_sheet, '' AS context_cell,
    shown(LOWER_BOUND, UPPER_BOUND) || ' (' || REF_AREA || ' ' || TIME_PERIOD || ')' AS found, COUNTING_UNIT AS expected, 1 AS finding_count
FROM work
WHERE derivation = 'reported' AND UNIT_MEASURE = 'NUMBER' AND UNIT_MULT = 0 AND COUNTING_UNIT IN ('PERSON', 'CASE', 'INCIDENT', 'OFFENCE', 'REFERRAL')
  AND (LOWER_BOUND <> floor(LOWER_BOUND) OR UPPER_BOUND <> floor(UPPER_BOUND))
ORDER BY seq;
