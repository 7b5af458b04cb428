// Package samples holds the sample inputs of tipstat demo: files like those
// that ministries publish, with invented figures, and their layouts. The dates
// of the treaty sample are facts. generate/ makes the files; expected.csv holds
// figures that must come out of them; bad/ holds files with one fault each.
package samples

import "embed"

// Files are the sample inputs, each named after its State, and their layouts.
//
//go:embed [a-z][a-z][a-z]-*.csv [a-z][a-z][a-z]-*.xlsx layouts/*.yaml
var Files embed.FS
