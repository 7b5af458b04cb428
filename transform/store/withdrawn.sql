-- The store without what is withdrawn. Every table and query that reads submissions goes
-- by this name, which stands before that of the file. Run on each connection that reads;
-- {file} is the name of the database.
CREATE OR REPLACE TEMP VIEW submission AS
FROM {file}.main.submission
WHERE submission_id NOT IN (SELECT submission_id FROM {file}.main.submission_withdrawn);
