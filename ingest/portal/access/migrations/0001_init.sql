-- Who may do what on the web side. Every table and column whose name does not say it all
-- carries a comment. No key stands on a table whose rows are changed or removed: DuckDB
-- checks keys against rows that a transaction has just removed. One writer checks what must
-- be unique inside its transaction. Times are UTC. Of a secret only its SHA-256 is kept, of
-- a password its Argon2id hash.

COMMENT ON TABLE schema_migration IS 'One row: one migration that this file has seen.';

CREATE TABLE account (
    account_id  VARCHAR NOT NULL,
    name        VARCHAR NOT NULL,
    role        VARCHAR NOT NULL,
    ref_area    VARCHAR NOT NULL,
    lang        VARCHAR NOT NULL,
    disabled    BOOLEAN NOT NULL,
    created_at  TIMESTAMP NOT NULL
);
COMMENT ON TABLE account IS 'One row: one person or office that may sign in.';
COMMENT ON COLUMN account.name IS 'Login name, as PRECIS UsernameCaseMapped has it (RFC 8265).';
COMMENT ON COLUMN account.role IS 'ministry, statistician, organizer or administrator.';
COMMENT ON COLUMN account.ref_area IS 'ISO 3166-1 alpha-3 of the State of a ministry; empty for other roles.';

CREATE TABLE password (
    account_id  VARCHAR NOT NULL,
    phc         VARCHAR NOT NULL,
    changed_at  TIMESTAMP NOT NULL
);
COMMENT ON TABLE password IS 'One row: the password of one account; none where it signs in through a provider alone.';
COMMENT ON COLUMN password.phc IS 'Argon2id hash with its parameters and salt, a PHC string.';

CREATE TABLE totp (
    account_id  VARCHAR NOT NULL,
    secret      VARCHAR NOT NULL,
    confirmed   BOOLEAN NOT NULL,
    last_step   BIGINT NOT NULL
);
COMMENT ON TABLE totp IS 'One row: one secret for time-based codes (RFC 6238), in use or waiting for its first code.';
COMMENT ON COLUMN totp.secret IS 'Base32. It has to be read to check a code, so it can''t be kept as a hash.';
COMMENT ON COLUMN totp.last_step IS 'The newest time step whose code was taken; a code is taken once.';

CREATE TABLE recovery_code (
    account_id  VARCHAR NOT NULL,
    code_sha256 VARCHAR NOT NULL
);
COMMENT ON TABLE recovery_code IS 'One row: one code that stands in once for a lost phone. Removed when used.';

CREATE TABLE invitation (
    invitation_id VARCHAR NOT NULL,
    token_sha256  VARCHAR NOT NULL,
    role          VARCHAR NOT NULL,
    ref_area      VARCHAR NOT NULL,
    lang          VARCHAR NOT NULL,
    account_id    VARCHAR NOT NULL,
    created_by    VARCHAR NOT NULL,
    created_at    TIMESTAMP NOT NULL,
    expires_at    TIMESTAMP NOT NULL,
    used_at       TIMESTAMP,
    revoked_at    TIMESTAMP
);
COMMENT ON TABLE invitation IS 'One row: one invitation to make an account, or to choose a new password for one.';
COMMENT ON COLUMN invitation.account_id IS 'The account whose password it resets, or that was made by it; empty before.';
COMMENT ON COLUMN invitation.created_by IS 'Who invited, as the audit log names it.';

CREATE TABLE session (
    session_id    VARCHAR NOT NULL,
    token_sha256  VARCHAR NOT NULL,
    account_id    VARCHAR NOT NULL,
    state         VARCHAR NOT NULL,
    created_at    TIMESTAMP NOT NULL,
    last_seen_at  TIMESTAMP NOT NULL
);
COMMENT ON TABLE session IS 'One row: one browser that is signed in, or half so. Removed when it ends.';
COMMENT ON COLUMN session.state IS 'complete; wants-code: the password was right, a code is still wanted; wants-enrolment: codes are to be set up first.';
COMMENT ON COLUMN session.last_seen_at IS 'Written at most once a minute.';

CREATE TABLE device (
    device_sha256 VARCHAR NOT NULL,
    account_id    VARCHAR NOT NULL,
    seen_at       TIMESTAMP NOT NULL
);
COMMENT ON TABLE device IS 'One row: one browser in which an account has signed in: others'' failures don''t lock it out.';

CREATE TABLE sign_in_failure (
    account_id  VARCHAR NOT NULL,
    failures    INTEGER NOT NULL,
    last_at     TIMESTAMP NOT NULL
);
COMMENT ON TABLE sign_in_failure IS 'One row: one account whose last sign-ins failed; removed when one succeeds.';

CREATE TABLE api_token (
    token_id     VARCHAR NOT NULL,
    token_sha256 VARCHAR NOT NULL,
    account_id   VARCHAR NOT NULL,
    label        VARCHAR NOT NULL,
    created_at   TIMESTAMP NOT NULL,
    expires_at   TIMESTAMP NOT NULL,
    last_used_at TIMESTAMP,
    revoked_at   TIMESTAMP
);
COMMENT ON TABLE api_token IS 'One row: one token with which a machine uploads for an account.';
COMMENT ON COLUMN api_token.last_used_at IS 'Written at most once a minute.';

CREATE TABLE identity (
    account_id  VARCHAR NOT NULL,
    issuer      VARCHAR NOT NULL,
    subject     VARCHAR NOT NULL,
    linked_at   TIMESTAMP NOT NULL
);
COMMENT ON TABLE identity IS 'One row: one identity at an OpenID Connect provider by which an account signs in.';

CREATE TABLE audit_log (
    seq           BIGINT NOT NULL,
    logged_at     TIMESTAMP NOT NULL,
    actor         VARCHAR NOT NULL,
    action        VARCHAR NOT NULL,
    subject       VARCHAR NOT NULL,
    detail        VARCHAR NOT NULL,
    previous_hash VARCHAR NOT NULL,
    hash          VARCHAR NOT NULL
);
COMMENT ON TABLE audit_log IS 'One row: one thing that was done or refused. Rows are added and never changed; each holds the hash of the one before. Names no person, no address and no secret.';
COMMENT ON COLUMN audit_log.seq IS 'Order, from 1, without gaps. Not a clock.';
COMMENT ON COLUMN audit_log.actor IS 'account:ID, token:ID, operator (who runs the program) or anonymous.';
COMMENT ON COLUMN audit_log.subject IS 'What it was done to, as kind:ID.';
COMMENT ON COLUMN audit_log.detail IS 'Pairs key=value of codes and numbers, parted by blanks.';
COMMENT ON COLUMN audit_log.hash IS 'SHA-256 over the other columns, each after its length (audit.go).';

CREATE VIEW account_now AS
SELECT a.*, t.account_id IS NOT NULL AS totp
FROM account a
LEFT JOIN (FROM totp WHERE confirmed) t USING (account_id);
COMMENT ON VIEW account_now IS 'The accounts, and whether time-based codes are set up.';
COMMENT ON COLUMN account_now.totp IS 'Time-based codes are set up.';
