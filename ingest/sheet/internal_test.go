package sheet

import (
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/oas/tipstat/transform/record"
)

// TestTexts checks that every code of this package has its texts in the four
// languages, and every text of it a code.
func TestTexts(t *testing.T) {
	file, err := parser.ParseFile(gotoken.NewFileSet(), "error.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	codes := map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		if l, ok := n.(*ast.BasicLit); ok && strings.HasPrefix(l.Value, `"TIP-F`) {
			codes[strings.Trim(l.Value, `"`)] = true
		}
		return true
	})
	types, err := record.FindingTypes()
	if err != nil {
		t.Fatal(err)
	}
	for _, ty := range types {
		if !strings.HasPrefix(ty.Code, "TIP-F") {
			continue
		}
		if !codes[ty.Code] {
			t.Errorf("%s has texts and no use", ty.Code)
		}
		delete(codes, ty.Code)
		for _, lang := range record.Languages {
			if x := ty.Text[lang]; x.Title == "" || x.Message == "" || x.Hint == "" {
				t.Errorf("%s: no text in %s", ty.Code, lang)
			}
		}
		if refuses := ty.Code < "TIP-F1"; refuses != (ty.Severity == record.Error) {
			t.Errorf("%s: severity %s", ty.Code, ty.Severity)
		}
	}
	for c := range codes {
		t.Errorf("%s has no texts", c)
	}
}

// TestNumbers compares numbers of all sizes with the long way round.
func TestNumbers(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 200_000 {
		var raw string
		switch rnd.IntN(4) {
		case 0:
			raw = strconv.FormatFloat(math.Float64frombits(rnd.Uint64()), 'g', -1, 64)
		case 1:
			raw = strconv.FormatFloat(float64(rnd.Int64N(1e15))/pow10[rnd.IntN(16)], 'f', -1, 64)
		case 2:
			raw = strconv.FormatFloat(rnd.NormFloat64(), 'f', rnd.IntN(20), 64)
		default:
			raw = strconv.FormatInt(rnd.Int64()>>rnd.IntN(63), 10)
		}
		f, err := strconv.ParseFloat(raw, 64)
		if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
			continue
		}
		want, err := strconv.ParseFloat(strconv.FormatFloat(f, 'e', 14, 64), 64)
		if err != nil {
			continue
		}
		text, n, code := appendNumber(nil, []byte(raw))
		if code != "" || n != want {
			t.Fatalf("%s: %v %s, want %v", raw, n, code, want)
		}
		back, err := strconv.ParseFloat(string(text), 64)
		if err != nil || back != n {
			t.Fatalf("%s: text %s reads back as %v, %v", raw, text, back, err)
		}
		if digits := strings.TrimLeft(strings.Trim(strings.NewReplacer(".", "", "-", "").Replace(strings.Split(string(text), "E")[0]), "0"), "0"); len(digits) > 15 {
			t.Fatalf("%s: %s has %d digits", raw, text, len(digits))
		}
	}
}

func TestDates(t *testing.T) {
	for _, from1904 := range []bool{false, true} {
		base := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
		if from1904 {
			base = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
		}
		for day := 61; day <= lastSerial-1462; day += 97 {
			want := base.AddDate(0, 0, day).Format("2006-01-02")
			got, ok := appendDate(nil, float64(day), lookDate, from1904)
			if !ok || string(got) != want {
				t.Fatalf("%d: %s, want %s", day, got, want)
			}
			back, serial, ok := appendISO(nil, got, from1904)
			if !ok || string(back) != want || serial != float64(day) {
				t.Fatalf("%s: back as %s, %v", want, back, serial)
			}
		}
	}
	for serial, want := range map[float64]string{1: "1900-01-01", 59: "1900-02-28", 60: "1900-02-29", 61: "1900-03-01", 2958465.5: "9999-12-31T12:00:00", 45000.999999999: "2023-03-16", 0.5: "12:00:00"} {
		if got, ok := appendDate(nil, serial, lookDate, false); !ok || string(got) != want {
			t.Errorf("%v: %s, want %s", serial, got, want)
		}
	}
}

func TestClassify(t *testing.T) {
	for code, want := range map[string]look{
		"General": lookNumber, "0.00": lookNumber, "#,##0 [$€-407]": lookNumber, "0.00E+00": lookNumber, `"day "0`: lookNumber, `0\d`: lookNumber, "[Red]0": lookNumber, "@": lookNumber,
		"yyyy-mm-dd": lookDate, "mmm": lookDate, "[$-409]d\\-mmm\\-yy;@": lookDate, "dd/mm/yyyy hh:mm": lookDate, "mmmm": lookDate, "e": lookDate,
		"h:mm AM/PM": lookTime, "mm:ss": lookTime, "mm:ss.0": lookTime, "[h]:mm:ss": lookNumber, "[mm]:ss": lookNumber, "0;yyyy": lookNumber, "_-* #,##0_-": lookNumber,
	} {
		if got := classify(code); got != want {
			t.Errorf("%s: %d, want %d", code, got, want)
		}
	}
}

// TestScannerBuffers puts every kind of token at every place around the end of
// the buffer, and reads byte by byte.
func TestScannerBuffers(t *testing.T) {
	const doc = "<a xmlns:p='u' p:b='&lt;é'><!-- c --><b c=\"1\"/>é&amp;😀\r\n]]&gt;<![CDATA[x]]]]><?p q?></a >\n"
	trace := func(s *scanner) (string, error) {
		var out strings.Builder
		for {
			tok, err := s.next()
			if err != nil || tok == tokEOF {
				return out.String(), err
			}
			switch tok {
			case tokStart:
				out.WriteString("<" + string(s.local) + ">")
			case tokEnd:
				out.WriteString("</>")
			default:
				out.Write(s.text)
			}
		}
	}
	const want = "<a><b></>é&😀\n]]>x]]</>"
	for pad := firstBuffer - len(doc) - 8; pad < firstBuffer+8; pad++ {
		got, err := trace(newScanner(strings.NewReader(strings.Repeat(" ", pad)+doc), "x", 64))
		if err != nil || got != want {
			t.Fatalf("after %d: %q, %v", pad, got, err)
		}
	}
	got, err := trace(newScanner(iotest.OneByteReader(strings.NewReader(doc)), "x", 64))
	if err != nil || got != want {
		t.Fatalf("%q, %v", got, err)
	}
	for n := range len(doc) - len(">\n") {
		if got, err := trace(newScanner(strings.NewReader(doc[:n]), "x", 64)); err == nil {
			t.Fatalf("%q is no error, but %q", doc[:n], got)
		}
	}
	for _, bad := range []string{"", " ", "x", "<a", "<a>", "<a/><b/>", "<a></b>", "</a>", "<a b/>", "<a b=1/>", "<a b='<'/>", "<a b='1'c='2'/>", "<a>&x;</a>", "<a>&#0;</a>", "<a>&#xD800;</a>",
		"<a>&#x;</a>", "<a>&</a>", "<a>]]></a>", "<a>\x01</a>", "<a>\xff</a>", "<a>\xef\xbf\xbf</a>", "<a>\xed\xa0\x80</a>", "<a><!-- -- --></a>", "<a><!-- ---></a>", "<a><? x?></a>", "<a><?xml version='1.0'?></a>",
		" <?xml version='1.0'?><a/>", "<?xml version='1.1'?><a/>", "<?xml?><a/>", "<a:b/>", "<a xmlns:p=''/>", "<:a/>", "<a:/>", "<a::b xmlns:a='u'/>", "<1/>", "< a/>", "<a / >", "<a/>&lt;", "<a/>x", "<a><!x></a>", "<a \x80='1'/>", "<\x80/>",
		"<?xml version='1.0' encoding='x'?><a/>", "<?xml version='1.0' standalone='x'?><a/>", "<?xml encoding='utf-8'?><a/>", "<!DOCTYPE a><a/>", "<a><![CDATA[x]]</a>", "<![CDATA[x]]><a/>", "<a>&amp</a>"} {
		if got, err := trace(newScanner(strings.NewReader(bad), "x", 64)); err == nil {
			t.Errorf("%q is no error, but %q", bad, got)
		}
	}
}
