// Package layout reads national files as they are. No ministry changes its
// spreadsheet for us: a layout, a YAML file in layouts/ or in the workspace,
// says how to recognise a file by its content, where the header stands, which
// column carries which concept, how values are written, which rows are out of
// scope and why. No Go code here knows a country.
//
// The way of a file: Recognise finds the one layout and the sheets it fits;
// Read turns the rows into records with a place for each, an account of every
// row, and a full list of findings. A value that can be read in two ways, or
// that has no code, is a finding and never a guess; one finding of severity
// error refuses the whole file.
//
// The form of a layout file is documented at type Layout, and by the layouts
// in this folder.
package layout
