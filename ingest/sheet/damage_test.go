package sheet_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/oas/tipstat/ingest/sheet"
)

// TestTruncated cuts a workbook at every byte: each piece is refused.
func TestTruncated(t *testing.T) {
	data := zipOf(t, bookOf(sheetOf(strings.Repeat(`<row><c t="s"><v>0</v></c><c><v>1.5</v></c></row>`, 50)))...)
	for n := 4; n < len(data); n++ { // "PK" alone may be a csv file
		if out, err := read(data[:n], sheet.Options{}); err == nil {
			t.Fatalf("cut at byte %d of %d: read without an error:\n%s", n, len(data), out)
		}
	}
	// The parts too, in a container that is whole.
	whole := bookOf(sheetOf(`<row r="7"><c r="A7" t="s"><v>1</v></c><c r="B7" t="inlineStr"><is><t>á</t></is></c><c r="C7" s="1"><v>5</v></c></row>`))
	for i := range whole {
		body := whole[i].body
		for n := range len(body) - 1 {
			whole[i].body = body[:n]
			if out, err := read(zipOf(t, whole...), sheet.Options{}); err == nil && strings.TrimSpace(body[n:]) != "" {
				t.Fatalf("%s cut at byte %d of %d: read without an error:\n%s", whole[i].name, n, len(body), out)
			}
		}
		whole[i].body = body
	}
}

// TestBitFlips changes every byte of a workbook in turn: what is read is the
// same as before, or there is an error.
func TestBitFlips(t *testing.T) {
	data := zipOf(t, bookOf(sheetOf(`<row r="1"><c r="A1" t="s"><v>1</v></c><c r="B1" s="1"><v>45000</v></c></row>`))...)
	want, err := read(data, sheet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range data {
		for _, mask := range []byte{1, 0x20, 0xff} {
			b := bytes.Clone(data)
			b[i] ^= mask
			if got, err := read(b, sheet.Options{}); err == nil && got != want && !strings.Contains(got, "text:PK") {
				t.Fatalf("byte %d changed by %#x: read otherwise, without an error:\n%s\nwant\n%s", i, mask, got, want)
			}
		}
	}
}

func TestCanceled(t *testing.T) {
	data := zipOf(t, bookOf(sheetOf(strings.Repeat(`<row><c><v>1</v></c></row>`, 100_000)))...)
	ctx, cancel := context.WithCancel(context.Background())
	w, err := sheet.Open(ctx, bytes.NewReader(data), int64(len(data)), "f.xlsx", sheet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	err = w.Read(ctx, 0, func(*sheet.Row) error {
		rows++
		cancel()
		return nil
	})
	if !errors.Is(err, context.Canceled) || rows == 100_000 {
		t.Errorf("%d rows, %v", rows, err)
	}
	stop := errors.New("stop")
	if err := w.Read(context.Background(), 0, func(*sheet.Row) error { return stop }); err != stop {
		t.Errorf("fn's error came back as %v", err)
	}
	if _, err := sheet.Open(ctx, bytes.NewReader(data), int64(len(data)), "f.xlsx", sheet.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("Open: %v", err)
	}
}
