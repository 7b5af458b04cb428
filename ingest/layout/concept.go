package layout

import (
	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/record"
)

// words that are no components of the structure but can be read from a column.
var words = map[string]string{
	"YEAR": "", "MONTH": "CL_MONTH", "QUARTER": "", "DATE": "", "AREA_DETAIL": "", "breakdown": "", "role": "",
	"LOWER_BOUND": "", "UPPER_BOUND": "", "UNIT_MULT": "", "DECIMALS": "", // numbers that stand beside the figure
	"DERIVATION": "", "COMPARABILITY": "", "COMPARABILITY_REASONS": "", // of another harmonised store: see record.Received
}

// listOf gives the code list of a concept; ok is false when there is no such
// concept, or none that a layout may give: FREQ follows from the period.
func listOf(concept string) (list string, ok bool) {
	if l, ok := words[concept]; ok {
		return l, true
	}
	c, ok := record.ConceptOf(concept)
	if !ok || concept == "FREQ" {
		return "", false
	}
	return c.Component().Codelist, true
}

func hasCode(codes *codelist.Set, list, code string) bool {
	cl, ok := codes.List(list)
	if !ok {
		return false
	}
	_, ok = cl.Code(code)
	return ok
}

// columnList gives the code list of the concept of a column. FREQ follows from the
// period; a column that gives it is held against that.
func columnList(concept string) (list string, ok bool) {
	if concept == "FREQ" {
		return "CL_FREQ", true
	}
	return listOf(concept)
}
