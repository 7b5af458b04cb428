-- The store without what is withdrawn, and each file in the place in which it was received,
-- however often it was read again. Every table and query that reads submissions goes by
-- this name, which stands before that of the file. Run on each connection that reads;
-- {file} is the name of the database.
CREATE OR REPLACE TEMP VIEW submission AS
SELECT * REPLACE (coalesce(first_seq, seq) AS seq, coalesce(first_received_at, received_at) AS received_at), seq AS accepted_seq
FROM {file}.main.submission
WHERE submission_id NOT IN (SELECT submission_id FROM {file}.main.submission_withdrawn);
