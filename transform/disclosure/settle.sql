-- What is masked or rounded is settled: tables are made of it. A view would be worked
-- out anew for each of the hundreds of questions that a pack asks. A view on
-- observation_current as it was before untold.sql would be another: so this comes last.
CREATE TEMP TABLE observation_settled AS FROM observation;
CREATE TEMP TABLE observation_note_settled AS FROM observation_note;
DROP VIEW temp.observation_note;
DROP VIEW temp.observation;
ALTER TABLE observation_note_settled RENAME TO observation_note;
ALTER TABLE observation_settled RENAME TO observation;
