package review

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
	"strings"

	"github.com/oas/tipstat/ingest/sheet"
	"github.com/oas/tipstat/transform/record"
)

// ofName is the hidden name that holds a fingerprint of the cells as they were
// when the review was written: as long as it holds, nobody worked in it.
const ofName = sheet.ReviewName + "_of"

// textFormat is the number format of texts.
const textFormat = "@"

// fingerprint reads all sheets but a review's own and gives a hash of their
// cells, with formats, and of merged cells, hidden columns and tables, and
// what stands around the cells. The rows of csv count as they are written:
// texts in the sheet csvSheet.
func fingerprint(ctx context.Context, wb *sheet.Workbook, csvSheet string) (string, map[string]sheet.Details, error) {
	h := sha256.New()
	around := map[string]sheet.Details{}
	review, reviewed := wb.Review()
	for _, info := range wb.Sheets() {
		if reviewed && info.Index == review.Index {
			continue
		}
		name, visible := info.Name, info.Visibility
		if csvSheet != "" {
			name, visible = csvSheet, sheet.Visible
		}
		put(h, "sheet", name, visible)
		err := wb.Read(ctx, info.Index, func(row *sheet.Row) error {
			for _, c := range row.Cells {
				if csvSheet != "" {
					put(h, row.Address(c), sheet.Text, false, c.Text, textFormat, row.Hidden)
				} else {
					put(h, row.Address(c), c.Kind, c.Formula, c.Raw, c.NumFmt, row.Hidden)
				}
			}
			return nil
		})
		if err != nil {
			return "", nil, err
		}
		d, err := wb.Details(ctx, info.Index)
		if err != nil {
			return "", nil, err
		}
		slices.SortFunc(d.Merges, func(a, b sheet.Range) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
		put(h, d.Merges, d.HiddenColumns, d.Tables)
		around[name] = d
	}
	return hex.EncodeToString(h.Sum(nil)), around, nil
}

// put hashes values so that no two lists of values look alike.
func put(h hash.Hash, values ...any) {
	for _, v := range values {
		fmt.Fprintf(h, "%q\x00", fmt.Sprint(v)) // a hash takes all
	}
}

// compare reads what was written and holds it against the original.
func (r *review) compare(b []byte) (err error) {
	wb, err := sheet.Open(r.ctx, bytes.NewReader(b), int64(len(b)), r.name, sheet.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, wb.Close()) }()
	if list, ok := wb.Review(); !ok || list.Index != 0 {
		return errors.New("the list is not the first sheet")
	}
	print, around, err := fingerprint(r.ctx, wb, "")
	if err != nil {
		return err
	}
	if print != r.print {
		return errors.New("its cells differ from the original's")
	}
	for name, was := range r.around {
		if err := sameComments(was.Comments, around[name].Comments); err != nil {
			return fmt.Errorf("sheet '%s': %w", name, err)
		}
	}
	for _, at := range r.said {
		if !slices.ContainsFunc(around[at.sheet].Comments, func(c sheet.Comment) bool {
			return record.CellName(c.Row, c.Col) == at.ref && strings.Contains(c.Text, sheet.ReviewNote)
		}) {
			return fmt.Errorf("sheet '%s': %s: the comment was not written", at.sheet, at.ref)
		}
	}
	return nil
}

// sameComments tells whether all comments of the original are still there,
// with nothing but ours after them.
func sameComments(was, is []sheet.Comment) error {
	now := map[string]string{}
	for _, c := range is {
		now[record.CellName(c.Row, c.Col)] = c.Text
	}
	for _, c := range was {
		if c.FromReview() {
			continue
		}
		at := record.CellName(c.Row, c.Col)
		text := func(s string) string { s, _, _ = strings.Cut(s, sheet.ReviewNote); return strings.TrimSpace(s) }
		if now, ok := now[at]; !ok || text(now) != text(c.Text) {
			return fmt.Errorf("%s: the comment would be lost", at)
		}
	}
	return nil
}

// Untouched tells whether r is a review of the file of that name in which
// nobody has worked since it was written: one that may be written anew.
func Untouched(ctx context.Context, r io.ReaderAt, size int64, name string) bool {
	wb, err := sheet.Open(ctx, r, size, name, sheet.Options{})
	if err != nil {
		return false
	}
	defer func() { _ = wb.Close() }() // only read
	if _, ok := wb.Review(); !ok {
		return false
	}
	print, _, err := fingerprint(ctx, wb, "")
	if err != nil {
		return false
	}
	list, err := Answers(ctx, wb)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(wb.Names(), func(n sheet.Name) bool {
		return n.Name == ofName && strings.Trim(n.RefersTo, `"`) == printOf(name, print, list.Answers)
	})
}

// printOf is what the hidden name holds: the file's name, hashed as it may say
// more than it should, the fingerprint, and a hash of the explanations.
func printOf(name, print string, answers []Answer) string {
	sum := sha256.Sum256([]byte(name))
	h := sha256.New()
	for _, a := range answers {
		put(h, a.Key, a.Text)
	}
	return hex.EncodeToString(sum[:8]) + " " + print + " " + hex.EncodeToString(h.Sum(nil)[:8])
}
