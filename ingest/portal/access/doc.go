// Package access is the door of the portal: who has an account, how they prove that it is
// theirs, what their role may do, and the log of it all. It knows no pages and no HTTP but
// the attributes of its cookies; package portal asks it.
//
// A [Control] keeps everything in one DuckDB file of its own, which the server holds open:
// the store of statistics is opened and closed by each run and can't carry sessions. One
// writer at a time; every call that matters for security writes its row of the audit log in
// the transaction in which it does its work, so neither is there without the other, and
// what was answered survives kill -9.
//
// # Rooms
//
// Roles and what they may do are one table ([Role.May]). Whoever asks is an [Actor]: an
// account by a whole session or an API token, or the operator of the machine, who invites
// the first administrator. Accounts are made by invitation alone.
//
// Sign-in is by login name and password, then by a time-based code where the account has
// one or its role needs one, or by an identity at an OpenID Connect provider (the flow is
// the portal's). Between the steps there is a session that may do the next step and nothing
// else. Each step gives a new token.
//
// What a user did wrong is a [Refusal] with a stable name, for which the portal has the
// texts; every other error is a failure of the machine.
//
// # Promises and where they come from
//
//   - Passwords: Argon2id (RFC 9106) with 19 MiB, 2 passes, 1 lane (OWASP Password Storage
//     Cheat Sheet), hashed anew when the parameters rise; 12 to 128 characters, no rules of
//     composition, not the commonest ones, prepared by PRECIS OpaqueString (RFC 8265), as
//     NIST SP 800-63B-4, 3.1.1 has it. An unknown name takes the time of a known one.
//     How many are hashed at once is bounded, so that sign-ins can't take the memory.
//   - Codes: TOTP (RFC 6238), one step of 30 seconds to either side, each step taken once;
//     ten recovery codes of 120 random bits, which may be kept as SHA-256 (SP 800-63B-4,
//     3.1.2).
//   - Failures: after five in a row each further one makes the account wait longer, up to 15
//     minutes, and after a hundred its password is no longer taken until it is reset
//     (SP 800-63B-4, 3.2.2). Unknown names are treated alike. Sessions go on, and a
//     browser in which the account has signed in before is counted apart (OWASP, Slow Down
//     Online Guessing Attacks with Device Cookies), so that a stranger can't lock anyone out.
//     Each address has an allowance of attempts, in memory alone.
//   - What lets someone in another way (a password, an identity) is changed by who gives the
//     password, or where there is none has just signed in (OWASP ASVS 5.0, 7.5.1); the last way
//     in can't be taken away.
//   - Sessions: 256 random bits in a cookie named __Host-, Secure, HttpOnly, SameSite=Lax;
//     at most 12 hours and 30 minutes idle; revocable (OWASP Session Management Cheat Sheet).
//     The database holds SHA-256 of every token, never the token.
//   - The audit log is a hash chain. [Control.Verify] names the first row that was changed,
//     removed or put in. Rows cut off at the end, or a chain made anew, are found against
//     what [Control.Head] gave before, which is to be kept outside the database. Whoever can
//     write the file and knows this code can still add rows at its end.
//
// What the file holds in clear are login names and the secrets of time-based codes, which
// have to be read: it is made for its owner alone (mode 0600), its log too, and a backup of
// it has to be kept as secretly.
package access
