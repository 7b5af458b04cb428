// Package hostile holds tests alone: files made to harm, by hand and by mutation, are
// taken in through ingest/inbox into a real store, as tipstat ingest does.
//
// Files are read in the process that runs, not in a child of it. What keeps a file from
// taking a run down are hard limits on everything that a file can make large
// (ingest/sheet), a bound on time and on memory (ingest/inbox), a panic that refuses its
// file (sheet.Caught), and DuckDB's own bound (store.Settings). These tests are the proof:
// each measures the peak memory of a process of its own, which must stay under 1 GiB, and
// holds all tables of the store before a refusal against those after it. A child for each
// file would cost a start and the passing on of every row, and protect from no more than
// what is shown here not to happen.
package hostile
