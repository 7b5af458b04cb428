package sheet_test

import (
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/oas/tipstat/ingest/sheet"
)

func utf16Of(s string, big bool) string {
	var b strings.Builder
	for _, u := range append([]uint16{0xfeff}, utf16.Encode([]rune(s))...) {
		if big {
			u = u<<8 | u>>8
		}
		b.WriteByte(byte(u))
		b.WriteByte(byte(u >> 8))
	}
	return b.String()
}

func TestCSV(t *testing.T) {
	tests := []struct {
		name, in string
		opts     sheet.Options
		want     string
		code     string
	}{
		{name: "plain", in: "a,b\n1,2\n", want: "1 1:text:a 2:text:b\n2 1:text:1 2:text:2\n"},
		{name: "no line end at the end", in: "a,b\r\n1,2", want: "1 1:text:a 2:text:b\n2 1:text:1 2:text:2\n"},
		{name: "blank records count", in: "a,b\n\n,\n,2\n", want: "1 1:text:a 2:text:b\n4 2:text:2\n"},
		{name: "quotes", in: "\"a \"\"b\"\"\",\"c,d\",\"\"\n", want: "1 1:text:a \"b\" 2:text:c,d\n"},
		{name: "a line end in a value is one row", in: "a,b\n\"x\r\ny\",2\n3,4\n", want: "1 1:text:a 2:text:b\n2 1:text:x\r\ny 2:text:2\n3 1:text:3 2:text:4\n"},
		{name: "UTF-8 with its mark", in: "\ufeffaño,b\n", want: "1 1:text:año 2:text:b\n"},
		{name: "UTF-16LE", in: utf16Of("año,😀\n1,2\n", false), want: "1 1:text:año 2:text:😀\n2 1:text:1 2:text:2\nnote TIP-F101 UTF-16LE\n"},
		{name: "UTF-16BE", in: utf16Of("año\tb\n1\t2\n", true), want: "1 1:text:año 2:text:b\n2 1:text:1 2:text:2\nnote TIP-F101 UTF-16BE\nnote TIP-F102 TAB\n"},
		{name: "Windows-1252", in: "a\xf1o;\x80\n1;2\n", want: "1 1:text:año 2:text:€\n2 1:text:1 2:text:2\nnote TIP-F101 Windows-1252\nnote TIP-F102 ;\n"},
		{name: "Latin-1 as asked", in: "a\xf1o,b\n", opts: sheet.Options{Encoding: "Latin1"}, want: "1 1:text:año 2:text:b\n"},
		{name: "semicolon, decimal commas", in: "a;b\n1,5;2,5\n1,5;3,5\n", want: "1 1:text:a 2:text:b\n2 1:text:1,5 2:text:2,5\n3 1:text:1,5 2:text:3,5\nnote TIP-F102 ;\n"},
		{name: "semicolons in quotes", in: "a,b\n\"x;y;z\",1\n\"x;y;z\",2\n", want: "1 1:text:a 2:text:b\n2 1:text:x;y;z 2:text:1\n3 1:text:x;y;z 2:text:2\n"},
		{name: "tab", in: "a\tb\n1\t2\n", want: "1 1:text:a 2:text:b\n2 1:text:1 2:text:2\nnote TIP-F102 TAB\n"},
		{name: "delimiter as asked", in: "a|b;c\n", opts: sheet.Options{Delimiter: '|'}, want: "1 1:text:a 2:text:b;c\n"},
		{name: "sep= line", in: "sep=;\r\na;b\r\n", want: "1 1:text:a 2:text:b\nnote TIP-F102 ;\n"},
		{name: "one column", in: "a\n1\n", want: "1 1:text:a\n2 1:text:1\n"},
		{name: "begins with a censored figure", in: "<5,1\n", want: "1 1:text:<5 2:text:1\n"},

		{name: "only white space", in: " \r\n\n", code: sheet.CodeEmpty},
		{name: "NUL", in: "a,b\n1,\x002\n", code: sheet.CodeNUL},
		{name: "NUL in quotes", in: "a,b\n1,\"\x002\"\n", code: sheet.CodeNUL},
		{name: "a quote not closed", in: "a,b\n\"1,2\n3,4\n", code: sheet.CodeQuote},
		{name: "a quote inside a value", in: "a,b\nx\"y,2\n", code: sheet.CodeQuote},
		{name: "text after a quote", in: "a,b\n\"x\"y,2\n", code: sheet.CodeQuote},
		{name: "a carriage return alone", in: "a,b\rc,d\n", code: sheet.CodeLineEnds},
		{name: "damaged UTF-8", in: "añó,éí\n\xff,b\n", code: sheet.CodeEncoding},
		{name: "bytes that Windows-1252 has not", in: "\xf1\x81,b\n", code: sheet.CodeEncoding},
		{name: "UTF-8 as asked, and is not", in: "a\xf1o,b\n", opts: sheet.Options{Encoding: "utf-8"}, code: sheet.CodeEncoding},
		{name: "UTF-16 with half a character", in: utf16Of("a,b\n", false) + "\x00\xd8a\x00", code: sheet.CodeEncoding},
		{name: "UTF-16 with an odd byte", in: utf16Of("a,b\n", false) + "a", code: sheet.CodeEncoding},
		{name: "an encoding that is not known", in: "a", opts: sheet.Options{Encoding: "x"}, code: `sheet: encoding "x" is not known`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := read([]byte(tt.in), tt.opts)
			if codeOf(err) != tt.code {
				t.Fatalf("%v, want %q", err, tt.code)
			}
			if err == nil {
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("(-want +got)\n%s", diff)
				}
			}
		})
	}
}

// TestCSVBuffers puts what is hard to cut at every place around the ends of
// the buffers.
func TestCSVBuffers(t *testing.T) {
	for pad := 65500; pad < 65560; pad++ {
		fill := strings.Repeat("x", pad)
		got, err := read([]byte(fill+",\"é\"\"\r\n😀\"\r\nz,\"\"\r\n"), sheet.Options{})
		if want := "1 1:text:" + fill + " 2:text:é\"\r\n😀\n2 1:text:z\n"; err != nil || got != want {
			t.Fatalf("after %d bytes: %v, %q", pad, err, got[max(0, len(got)-40):])
		}
	}
}

func TestCSVLine(t *testing.T) {
	_, err := read([]byte("a,b\n\"x\ny\",2\n3,4\"\n"), sheet.Options{})
	if want := `file: B3: on line 4 a quotation mark is not closed, or stands inside a value [TIP-F051]`; err == nil || err.Error() != want {
		t.Errorf("%v\nwant %s", err, want)
	}
}
