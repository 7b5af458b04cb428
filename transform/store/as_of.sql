-- The store as it stood before a time: what was accepted then or later is not
-- seen, nor what was withdrawn by then. Every table and query that reads submissions
-- goes by these names, which stand before those of the file. Run on each connection;
-- {before} is the time, {file} the name of the database.
CREATE OR REPLACE TEMP MACRO as_of() AS TIMESTAMP '{before}';
CREATE OR REPLACE TEMP VIEW decision AS FROM {file}.main.decision WHERE decided_at < as_of();
CREATE OR REPLACE TEMP VIEW submission AS
SELECT s.* REPLACE (coalesce(s.first_seq, s.seq) AS seq, coalesce(s.first_received_at, s.received_at) AS received_at), s.seq AS accepted_seq
FROM {file}.main.submission s
WHERE s.received_at < as_of()
  AND s.submission_id NOT IN (SELECT submission_id
    FROM (FROM decision QUALIFY row_number() OVER (PARTITION BY submission_id ORDER BY seq DESC) = 1) WHERE action = 'withdraw');
CREATE OR REPLACE TEMP VIEW observation_current AS
SELECT o.*
FROM {file}.main.observation o
JOIN submission s USING (submission_id)
QUALIFY s.seq = max(s.seq) OVER (
    PARTITION BY s.layout, o.SOURCE_AGENCY, o.REF_AREA, o.INDICATOR, o.breakdown, o.TIME_PERIOD);
