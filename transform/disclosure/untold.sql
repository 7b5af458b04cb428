-- Combinations of codes that were counted from case rows are there only because somebody
-- is: of nobody there is none. A withheld one, or one rounded to zero, would tell it by
-- being there, in a row, a column or a sign of its own. So it is as if it were not there;
-- of a State's totals it is told that they are withheld.
-- Inputs: observation_current, as it is masked or rounded; {file} is the name of the database.
DELETE FROM observation_current
WHERE (submission_id, REF_AREA, SOURCE_AGENCY) IN (SELECT (submission_id, REF_AREA, SOURCE_AGENCY) FROM {file}.main.observation WHERE derivation = 'counted')
    AND derivation NOT IN ('reported', '')
    AND coalesce(OBS_VALUE, 0) = 0
    AND (FREQ <> 'A' OR len([c FOR c IN [SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION] IF c NOT IN ('_T', '_Z')]) > 0);
