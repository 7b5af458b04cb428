package record_test

import (
	"math"
	"testing"

	"github.com/oas/tipstat/transform/record"
)

func TestPlaceString(t *testing.T) {
	for _, c := range []struct {
		place record.Place
		want  string
	}{
		{record.Place{File: "senegal_2023.xlsx", Sheet: "Víctimas 2023", Cell: "D14"}, "senegal_2023.xlsx: 'Víctimas 2023'!D14"},
		{record.Place{File: "f.xlsx", Sheet: "Hoja1", Cell: "A2:A99"}, "f.xlsx: 'Hoja1'!A2:A99"},
		{record.Place{File: "f.xlsx", Sheet: "l'année", Cell: "B3"}, "f.xlsx: 'l''année'!B3"},
		{record.Place{File: "f.xlsx", Sheet: "'x'", Cell: "B3"}, "f.xlsx: '''x'''!B3"},
		{record.Place{File: "f.xlsx", Sheet: "Hoja1"}, "f.xlsx: 'Hoja1'"},
		{record.Place{File: "f.csv", Cell: "B3"}, "f.csv: B3"},
		{record.Place{File: "f.csv"}, "f.csv"},
		{record.Place{Sheet: "Hoja1", Cell: "B3"}, "'Hoja1'!B3"},
		{record.Place{Cell: "B3"}, "B3"},
		{record.Place{}, ""},
	} {
		if got := c.place.String(); got != c.want {
			t.Errorf("%+v: got %s, want %s", c.place, got, c.want)
		}
	}
}

func TestParseCell(t *testing.T) {
	for _, c := range []struct {
		text     string
		row, col int
	}{
		{"A1", 1, 1}, {"Z1", 1, 26}, {"AA1", 1, 27}, {"AZ2", 2, 52}, {"BA3", 3, 53}, {"ZZ4", 4, 702}, {"AAA5", 5, 703}, {"XFD1048576", 1 << 20, 1 << 14},
		{"d14", 14, 4}, {"$D$14", 14, 4}, {"D$14", 14, 4}, {"$D14", 14, 4},
	} {
		row, col, ok := record.ParseCell(c.text)
		if !ok || row != c.row || col != c.col {
			t.Errorf("%s: row %d, column %d, %v; want %d, %d", c.text, row, col, ok, c.row, c.col)
		}
	}
	for _, text := range []string{"", "A", "1", "A0", "A01", "XFE1", "A1048577", "AAAA1", "A1:B2", "1A", "A-1", "A1 ", " A1", "A1.0", "Ñ1", "A１",
		"$", "$$A1", "A$$1", "A1$", "A1$4", "$1", "A1e3", "A99999999999999999999"} {
		if row, col, ok := record.ParseCell(text); ok || row != 0 || col != 0 {
			t.Errorf("%q is read as row %d, column %d, %v", text, row, col, ok)
		}
	}
}

func TestCellName(t *testing.T) {
	for col := 1; col <= 1<<14; col++ {
		for _, row := range []int{1, 9, 10, 1 << 20} {
			name := record.CellName(row, col)
			if r, c, ok := record.ParseCell(name); !ok || r != row || c != col {
				t.Fatalf("%s: row %d, column %d, %v; want %d, %d", name, r, c, ok, row, col)
			}
		}
	}
	if got := record.ColumnName(0); got != "" {
		t.Errorf("column 0 is %q", got)
	}
	if got := record.ColumnName(math.MaxInt32); got != "FXSHRXW" {
		t.Errorf("the last column of all is %q", got)
	}
}

// FuzzParseCell: what is read as an address is one of a sheet, and its name is
// read back as the same.
func FuzzParseCell(f *testing.F) {
	for _, s := range []string{"A1", "$D$14", "xfd1048576", "A0", "A1:B2", "", "$", "ZZZ9", "\xff1", "A\x001"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		row, col, ok := record.ParseCell(s)
		if !ok {
			if row != 0 || col != 0 {
				t.Fatalf("%q: not an address, and row %d, column %d", s, row, col)
			}
			return
		}
		if row < 1 || row > 1<<20 || col < 1 || col > 1<<14 || len(s) > len("$XFD$1048576") {
			t.Fatalf("%q: row %d, column %d", s, row, col)
		}
		if r, c, ok := record.ParseCell(record.CellName(row, col)); !ok || r != row || c != col {
			t.Fatalf("%q is %s, which is row %d, column %d, %v", s, record.CellName(row, col), r, c, ok)
		}
	})
}

func TestValueString(t *testing.T) {
	atLeast := record.Missing(record.NotAvailable)
	atLeast.Lower = 3
	for _, c := range []struct {
		value record.Value
		want  string
		exact bool
	}{
		{record.Exact(1757), "1757", true},
		{record.Exact(0), "0", true},
		{record.Exact(0.25), "0.25", true},
		{record.Exact(1e15), "1000000000000000", true},
		{record.Censored(0, 4), "0–4", false},
		{atLeast, "≥3", false},
		{record.Missing(record.NotAvailable), "O", false},
		{record.Missing(record.NotApplicable), "M", false},
		{record.Missing(record.NotCollected), "L", false},
		{record.Missing(record.Suppressed), "Q", false},
	} {
		if got := c.value.String(); got != c.want || c.value.IsExact() != c.exact {
			t.Errorf("%+v: %s, exact %v; want %s, %v", c.value, got, c.value.IsExact(), c.want, c.exact)
		}
	}
	// Zero is a figure; a censored value keeps its status and has no number.
	if v := record.Exact(0); v.Status != record.Normal || v.Lower != 0 || v.Upper != 0 {
		t.Errorf("zero: %+v", v)
	}
	if v := record.Censored(0, 4); v.Status != record.Suppressed || !math.IsNaN(v.Number) || v.Lower != 0 || v.Upper != 4 {
		t.Errorf("<5: %+v", v)
	}
}
