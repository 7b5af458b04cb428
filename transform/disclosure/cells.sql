-- Purpose: the figures that disclosure control looks at.
-- One row is: one observation of persons of a State of the OAS, of the newest vintage, preferred or not.
-- Inputs: observation_current, submission, codelist. Parameters: $units, $free, $rates (JSON lists of codes).
SELECT o.obs_id, o.REF_AREA, o.INDICATOR, o.REF_YEAR, o.FREQ, o.TIME_PERIOD, o.SEX, o.AGE, o.EXPLOITATION, o.CITIZENSHIP, o.ORIGIN, o.TRANSIT, o.DESTINATION,
       concat_ws('|', o.SOURCE_AGENCY, s.layout, o.COUNTING_UNIT, o.VICTIM_STATUS, o.IDENTIFIED_BY, o.COVERAGE, o.LEGAL_ARTICLE) AS series,
       o.OBS_VALUE, o.LOWER_BOUND, o.UPPER_BOUND, o.n_missing, o.derivation, o.preferred, coalesce(i.parent, '') AS record,
       o.submission_id IN (SELECT submission_id FROM observation WHERE derivation = 'counted') AS counted
FROM observation_current o JOIN submission s USING (submission_id)
LEFT JOIN codelist i ON i.list = 'CL_INDICATOR' AND i.code = o.INDICATOR
WHERE (o.UNIT_MEASURE = 'NUMBER' AND o.COUNTING_UNIT IN (SELECT unnest(from_json($units, '["VARCHAR"]')))
       OR o.INDICATOR IN (SELECT unnest(from_json($rates, '["VARCHAR"]'))))
  AND o.INDICATOR NOT IN (SELECT unnest(from_json($free, '["VARCHAR"]')))
  AND o.REF_AREA IN (SELECT REF_AREA FROM area_group)
ORDER BY o.REF_AREA, o.INDICATOR, o.REF_YEAR, o.obs_id
