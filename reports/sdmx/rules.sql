-- Purpose: which rules of comparability the figures of each State and agency meet.
-- One row: one rule. Inputs: sdmx_observation, comparability.
SELECT f.REF_AREA, f.SOURCE_AGENCY, c.rule, any_value(c.en), any_value(c.es), any_value(c.pt), any_value(c.fr)
FROM (SELECT DISTINCT REF_AREA, SOURCE_AGENCY, unnest(string_split(COMPARABILITY_REASONS, ' ')) AS rule FROM sdmx_observation) f
JOIN comparability c USING (rule)
GROUP BY ALL
ORDER BY f.REF_AREA, f.SOURCE_AGENCY, c.rule
