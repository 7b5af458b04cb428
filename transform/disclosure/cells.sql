-- Purpose: the figures that disclosure control looks at.
-- One row is: one observation of persons of a State of the OAS, of the newest vintage, preferred or not.
-- Inputs: observation_current, observation, figure, submission, codelist, area_group. Parameters: $units, $free, $rates (JSON lists of codes).
WITH
-- What the places of a country reported that make a national figure, of a month or of all months of a year.
by_place AS (
    SELECT f.submission_id, f.breakdown, f.INDICATOR, f.SEX, f.AGE, f.EXPLOITATION, f.CITIZENSHIP, f.ORIGIN, f.TRANSIT, f.DESTINATION,
           p.TIME_PERIOD, f.COUNTING_UNIT, f.VICTIM_STATUS, f.IDENTIFIED_BY, f.COVERAGE, f.LEGAL_ARTICLE, f.area_detail, sum(f.OBS_VALUE) AS OBS_VALUE
    FROM figure f, LATERAL (SELECT DISTINCT unnest([f.TIME_PERIOD, left(f.TIME_PERIOD, 4)]) AS TIME_PERIOD) p
    WHERE f.area_detail <> '' AND f.role = 'figure'
    GROUP BY ALL
),
-- The place that has most: it knows what the others have together.
largest AS (
    SELECT * EXCLUDE (area_detail, OBS_VALUE), sum(OBS_VALUE) - max(OBS_VALUE) AS others
    FROM by_place GROUP BY ALL HAVING count(*) > 1
)
SELECT o.obs_id, o.REF_AREA, o.INDICATOR, o.REF_YEAR, o.FREQ, o.TIME_PERIOD, o.SEX, o.AGE, o.EXPLOITATION, o.CITIZENSHIP, o.ORIGIN, o.TRANSIT, o.DESTINATION,
       o.VICTIM_STATUS, concat_ws('|', o.SOURCE_AGENCY, o.COUNTING_UNIT) AS series, s.layout,
       o.OBS_VALUE, o.LOWER_BOUND, o.UPPER_BOUND, o.n_missing, o.derivation, o.preferred, coalesce(i.parent, '') AS record,
       -- A message received from another store has figures of many files in it: those of one State and agency stand for one.
       (o.submission_id, o.REF_AREA, o.SOURCE_AGENCY) IN (SELECT (submission_id, REF_AREA, SOURCE_AGENCY) FROM observation WHERE derivation = 'counted') AS counted, l.others
FROM observation_current o JOIN submission s USING (submission_id)
LEFT JOIN codelist i ON i.list = 'CL_INDICATOR' AND i.code = o.INDICATOR
LEFT JOIN largest l ON contains(o.summed_over, 'AREA_DETAIL') AND (l.submission_id, l.breakdown, l.INDICATOR, l.SEX, l.AGE, l.EXPLOITATION, l.CITIZENSHIP, l.ORIGIN,
        l.TRANSIT, l.DESTINATION, l.TIME_PERIOD, l.COUNTING_UNIT, l.VICTIM_STATUS, l.IDENTIFIED_BY, l.COVERAGE, l.LEGAL_ARTICLE)
    = (o.submission_id, o.breakdown, o.INDICATOR, o.SEX, o.AGE, o.EXPLOITATION, o.CITIZENSHIP, o.ORIGIN,
        o.TRANSIT, o.DESTINATION, o.TIME_PERIOD, o.COUNTING_UNIT, o.VICTIM_STATUS, o.IDENTIFIED_BY, o.COVERAGE, o.LEGAL_ARTICLE)
WHERE (o.UNIT_MEASURE = 'NUMBER' AND o.COUNTING_UNIT IN (SELECT unnest(from_json($units, '["VARCHAR"]')))
       OR o.INDICATOR IN (SELECT unnest(from_json($rates, '["VARCHAR"]'))))
  AND o.INDICATOR NOT IN (SELECT unnest(from_json($free, '["VARCHAR"]')))
  AND o.REF_AREA IN (SELECT REF_AREA FROM area_group)
-- By codes, so that what is chosen does not hang on how observations are numbered.
ORDER BY o.REF_AREA, o.INDICATOR, o.REF_YEAR, o.FREQ, o.SEX, o.AGE, o.EXPLOITATION, o.CITIZENSHIP, o.ORIGIN, o.TRANSIT, o.DESTINATION, o.TIME_PERIOD,
    o.COUNTING_UNIT, o.VICTIM_STATUS, o.SOURCE_AGENCY, s.seq, o.derivation, o.breakdown, o.obs_id
