-- What is decided about a submission after it was accepted. Nothing is ever deleted: a
-- submission that was withdrawn stays, and what it superseded is current again.
CREATE TABLE decision (
    seq           BIGINT PRIMARY KEY,
    submission_id VARCHAR NOT NULL,
    action        VARCHAR NOT NULL,
    reason        VARCHAR NOT NULL,
    decided_by    VARCHAR NOT NULL,
    decided_at    TIMESTAMP NOT NULL,
    run_id        VARCHAR NOT NULL
);
COMMENT ON TABLE decision IS 'One row: one decision about one submission after it was accepted. The last one of a submission holds.';
COMMENT ON COLUMN decision.seq IS 'Order of the decisions, from 1. Not a clock.';
COMMENT ON COLUMN decision.submission_id IS 'The submission that it is about (table submission).';
COMMENT ON COLUMN decision.action IS 'withdraw: its figures are no longer current; restore: they are again.';
COMMENT ON COLUMN decision.reason IS 'Why, in the words of who decided.';
COMMENT ON COLUMN decision.decided_by IS 'Who decided: the user of the machine, or as named.';
COMMENT ON COLUMN decision.decided_at IS 'Time of the decision, UTC.';
COMMENT ON COLUMN decision.run_id IS 'The call of tipstat (table run).';

CREATE VIEW submission_withdrawn AS
SELECT submission_id FROM (FROM decision QUALIFY row_number() OVER (PARTITION BY submission_id ORDER BY seq DESC) = 1) WHERE action = 'withdraw';
COMMENT ON VIEW submission_withdrawn IS 'The submissions that are withdrawn now.';
COMMENT ON COLUMN submission_withdrawn.submission_id IS 'The submission (table submission).';

CREATE OR REPLACE VIEW observation_current AS
SELECT o.*
FROM observation o
JOIN submission s USING (submission_id)
WHERE o.submission_id NOT IN (SELECT submission_id FROM submission_withdrawn)
QUALIFY s.seq = max(s.seq) OVER (
    PARTITION BY s.layout, o.SOURCE_AGENCY, o.REF_AREA, o.INDICATOR, o.breakdown, o.TIME_PERIOD);
COMMENT ON VIEW observation_current IS 'The observations of the newest vintage that is not withdrawn: what tables are made from.';
