// Package store keeps what was accepted: one DuckDB file that any DuckDB
// client can open and understand (every table and column has a comment).
//
// One submission is one transaction: the file's entry, its records, the
// account of its rows, its findings and the observations made from them are
// stored together or not at all. Records arrive as Arrow record batches and go
// through DuckDB's Appender with their types, not as text. (DuckDB's Arrow
// interface needs the build tag duckdb_arrow, with which plain go test would
// no longer compile; the Appender is fast enough, see the benchmarks.)
//
// SQL reaches the tables and nothing else: no file, no extension, no setting; see
// Settings, which bound memory and threads.
//
// Migrations are numbered SQL files, applied in order at opening.
package store
