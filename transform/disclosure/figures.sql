-- Purpose: the figures that rounding looks at.
-- One row is: one observation of persons of a State of the OAS, of any vintage, preferred or not; or a rate of such.
-- Inputs: observation as it stands in the file ({file}: the name of the database). Parameters: $units, $free, $rates (JSON lists of codes).
SELECT o.obs_id, o.REF_AREA, o.INDICATOR, o.TIME_PERIOD, o.SEX, o.AGE, o.EXPLOITATION, o.CITIZENSHIP, o.ORIGIN, o.TRANSIT, o.DESTINATION,
       o.OBS_VALUE, o.LOWER_BOUND, o.UPPER_BOUND, o.n_missing, o.derivation
FROM {file}.main.observation o
WHERE (o.UNIT_MEASURE = 'NUMBER' AND o.COUNTING_UNIT IN (SELECT unnest(from_json($units, '["VARCHAR"]')))
       OR o.INDICATOR IN (SELECT unnest(from_json($rates, '["VARCHAR"]'))))
  AND o.INDICATOR NOT IN (SELECT unnest(from_json($free, '["VARCHAR"]')))
  AND o.REF_AREA IN (SELECT REF_AREA FROM area_group)
ORDER BY o.obs_id
