// Package query makes the spec of a table from a question of one's own:
// which measures, by what, for what. The table is then built like any other
// (table.Build), so that it has the same notes and the same rules on what may
// be compared.
//
// Nothing of what the user writes becomes SQL: the select is fixed
// (query.sql), concepts are checked against the data structure, codes against
// their lists, and the codes are bound as parameters.
package query
