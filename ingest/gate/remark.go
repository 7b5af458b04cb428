package gate

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"

	"github.com/oas/tipstat/ingest/sheet"
	"github.com/oas/tipstat/transform/codelist"
)

// Remark tells whether a text that somebody writes about a file, such as why it is withdrawn,
// names a person: it is looked at as a cell of free text among rows about persons is, where
// one name is enough.
func Remark(ctx context.Context, text string, codes *codelist.Set) (named bool, err error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	rows := [][]string{{"SEX", "AGE", "TIME_PERIOD", "COMMENT_OBS"}, {"F", "Y_GE18", "2024", text}, {"M", "Y0T17", "2024", "-"}}
	if err := w.WriteAll(rows); err != nil {
		return false, err
	}
	wb, err := sheet.Open(ctx, bytes.NewReader(b.Bytes()), int64(b.Len()), "remark.csv", sheet.Options{})
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, wb.Close()) }()
	seen, err := Look(ctx, wb, codes)
	if err != nil {
		return false, err
	}
	return len(seen.Refused(Pass{Cases: true})) > 0, nil
}
