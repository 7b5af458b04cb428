package template

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/oas/tipstat/ingest/sheet"
	"github.com/oas/tipstat/transform/record"
)

// The kinds of sheets that a form has beside the hidden ones; their names in
// texts/ begin with "sheet.".
const (
	frameTables      = "tables"
	frameCover       = "cover"
	frameDefinitions = "definitions"
	frameNotes       = "notes"
)

// frame is what a sheet of the form is, and its last column: what stands beside
// it would be lost, or tells of somebody.
type frame struct {
	kind string
	last int
	note int // row of the first note
}

func (r *reader) frameOf(rows []sheet.Row) (f frame) {
	for _, row := range rows {
		i := slices.IndexFunc(row.Cells, func(c sheet.Cell) bool { return c.Col == r.first })
		if i < 0 {
			continue
		}
		mark := strings.TrimSpace(row.Cells[i].Text)
		_, question := r.attribute(mark)
		switch {
		case strings.HasPrefix(mark, markTable):
			f.kind = frameTables
		case mark == markColumns && f.kind == frameTables:
			f.last = max(f.last, row.Cells[len(row.Cells)-1].Col+1) // and the column of checks
		case mark == "REF_AREA":
			f = frame{kind: frameCover, last: r.first + 3}
		case mark == markNote && f.kind == "":
			f = frame{kind: frameNotes, last: r.first + 2, note: row.Number}
		case question && f.kind == "":
			f = frame{kind: frameDefinitions, last: r.first + 5}
		}
	}
	return f
}

// outside tells of values beside what the form has.
func (r *reader) outside(info sheet.Info, row *sheet.Row, mark string) {
	last := r.frame.last
	switch {
	case strings.HasPrefix(mark, markTable):
		last = r.first + 1
	case r.frame.kind == frameNotes && mark == "" && row.Number > r.frame.note:
		last = r.first
	}
	for _, c := range row.Cells {
		if c.Col > last && strings.TrimSpace(c.Text) != "" {
			r.find("TIP-T008", info.Name, row.Address(c), info.Name)
		}
	}
}

// strange tells of a sheet that is none of the form's.
func (r *reader) strange(info sheet.Info, rows []sheet.Row) {
	for _, row := range rows {
		for _, c := range row.Cells {
			if strings.TrimSpace(c.Text) == "" {
				continue
			}
			if len(r.Records) > 0 { // older forms had no marks on their notes
				r.find("TIP-T015", info.Name, row.Address(c), info.Name)
			}
			return
		}
	}
}

// same holds what the cover says of the form against what the form is: a form of
// last year whose year was typed over would pass for that of last year.
func (r *reader) same(info sheet.Info, row *sheet.Row, mark string) {
	i := slices.IndexFunc(row.Cells, func(c sheet.Cell) bool { return c.Col == r.first+2 })
	if i < 0 {
		return
	}
	c, want, known := row.Cells[i], strconv.Itoa(r.Year), false
	is := strings.TrimSpace(c.Text)
	if mark == "REF_AREA" {
		want = r.RefArea
		m, ok := r.codes.Lookup("CL_AREA", is, r.Year)
		if known = ok; ok {
			is = m.Code
		}
	} else if _, err := strconv.ParseUint(is, 10, 16); err == nil {
		known = true
	}
	if is != want {
		if !known { // what else was typed there may be about somebody
			is = record.Unquoted
		}
		r.find("TIP-T002", info.Name, row.Address(c), is).Expected = want
	}
}

// impersonal tells whether a free text may be kept.
func (r *reader) impersonal(info sheet.Info, row *sheet.Row, col int) bool {
	for _, c := range row.Cells {
		if c.Col == col && record.MayTellOfPerson(c.Text) {
			r.find("TIP-T012", info.Name, row.Address(c), record.Unquoted)
			return false
		}
	}
	return true
}

var errSeen = errors.New("seen enough")

// marked tells whether a workbook has the codes of a table of this form.
func (f *Form) marked(ctx context.Context, wb *sheet.Workbook) (bool, error) {
	const rows, columns = 40, 3
	found := false
	for _, info := range wb.Sheets() {
		err := wb.Read(ctx, info.Index, func(r *sheet.Row) error {
			for _, c := range r.Cells {
				id, is := strings.CutPrefix(strings.TrimSpace(c.Text), markTable)
				if is && c.Col <= columns && slices.ContainsFunc(f.Sheets, func(s Sheet) bool {
					return slices.ContainsFunc(s.Tables, func(t Table) bool { return t.ID == id })
				}) {
					found = true
				}
			}
			if found || r.Number >= rows {
				return errSeen
			}
			return nil
		})
		if found {
			return true, nil
		}
		if err != nil && !errors.Is(err, errSeen) {
			return false, err
		}
	}
	return false, nil
}
