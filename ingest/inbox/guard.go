package inbox

import (
	"slices"

	"github.com/oas/tipstat/ingest/gate"
	"github.com/oas/tipstat/ingest/layout"
	"github.com/oas/tipstat/ingest/sheet"
	"github.com/oas/tipstat/transform/record"
)

// guard refuses a file that names persons in what its layout does not drop, and
// withholds what it does. Nothing else is said of a refused file: other findings
// may quote it. src is nil where nothing knows the file, whose rows may be about persons.
func (r *Receipt) guard(seen *gate.Report, src *source, wb *sheet.Workbook) (refused bool) {
	pass := gate.Pass{}
	if src != nil {
		pass.Cases = src.kind == record.KindCase
		pass.Form = src.lang != ""
		pass.Dropped = func(sheet, col int) bool {
			return slices.ContainsFunc(src.dropped, func(d layout.Dropped) bool { return d.Sheet.Index == sheet && d.Col == col })
		}
	}
	if of := seen.Refused(pass); len(of) > 0 {
		r.Outcome, r.Private, r.Notes = Refused, true, nil
		r.Findings = gate.Findings(r.File, of)
		r.Findings.Sort()
		if src != nil {
			r.Lang = src.lang
		}
		return true
	}
	if src == nil { // it may hold rows about persons, for all that is known
		r.Uncopied = seen.Perhaps()
		return false
	}
	for _, d := range src.dropped {
		wb.Withhold(d.Sheet.Index, d.Col, d.Row+1)
		f := record.NewFinding("TIP-P007", record.Place{File: r.File, Sheet: d.Sheet.Name, Cell: record.CellName(d.Row, d.Col)})
		f.Found, f.Expected = d.Heading, record.ColumnName(d.Col)
		r.Findings, r.Private = append(r.Findings, f), true
	}
	return false
}
