// Package record is the room of tipstat's words: the place of a cell, the
// value found there, a finding about it, and the shape of the records that
// travel from a ministry's file to the store.
//
// Everything else stands on it: ingest makes records, transform keeps and
// harmonises them, reports prints them. It imports none of them.
//
// The words are SDMX's where SDMX has one (components of the structure,
// OBS_STATUS, CONF_STATUS). The structure itself is data: structure.csv lists
// each component once, and the SQL columns, the Arrow schemas and the CSV
// headers are made from it. Texts of findings are data too: findings/*.yaml,
// one entry for each code, in the four OAS languages.
package record
