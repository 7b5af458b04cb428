-- Purpose: the figures of a question of one's own (tipstat report query).
-- One row is: one figure of one source for one period.
-- Inputs: observation_current, submission. Parameters: $states (JSON list of area codes), $from_year, $to_year; $unit_measure; and
-- for each concept that can be asked for, by its name in small letters, a JSON list of the codes wanted ('[]' for all).
SELECT o.*, s.layout, s.seq
FROM observation_current o JOIN submission s USING (submission_id)
WHERE o.preferred
  AND o.UNIT_MEASURE = $unit_measure
  AND o.INDICATOR IN (SELECT unnest(from_json($indicator, '["VARCHAR"]')))
  AND ($sex = '[]' OR o.SEX IN (SELECT unnest(from_json($sex, '["VARCHAR"]'))))
  AND ($age = '[]' OR o.AGE IN (SELECT unnest(from_json($age, '["VARCHAR"]'))))
  AND ($exploitation = '[]' OR o.EXPLOITATION IN (SELECT unnest(from_json($exploitation, '["VARCHAR"]'))))
  AND ($citizenship = '[]' OR o.CITIZENSHIP IN (SELECT unnest(from_json($citizenship, '["VARCHAR"]'))))
  AND ($origin = '[]' OR o.ORIGIN IN (SELECT unnest(from_json($origin, '["VARCHAR"]'))))
  AND ($transit = '[]' OR o.TRANSIT IN (SELECT unnest(from_json($transit, '["VARCHAR"]'))))
  AND ($destination = '[]' OR o.DESTINATION IN (SELECT unnest(from_json($destination, '["VARCHAR"]'))))
  AND ($counting_unit = '[]' OR o.COUNTING_UNIT IN (SELECT unnest(from_json($counting_unit, '["VARCHAR"]'))))
  AND ($victim_status = '[]' OR o.VICTIM_STATUS IN (SELECT unnest(from_json($victim_status, '["VARCHAR"]'))))
  AND ($identified_by = '[]' OR o.IDENTIFIED_BY IN (SELECT unnest(from_json($identified_by, '["VARCHAR"]'))))
  AND ($coverage = '[]' OR o.COVERAGE IN (SELECT unnest(from_json($coverage, '["VARCHAR"]'))))
  AND ($source_agency = '[]' OR o.SOURCE_AGENCY IN (SELECT unnest(from_json($source_agency, '["VARCHAR"]'))))
  AND o.REF_AREA IN (SELECT unnest(from_json($states, '["VARCHAR"]')))
  AND o.REF_YEAR BETWEEN $from_year AND $to_year
ORDER BY ALL
