package layout

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/transform/record"
)

// said writes what became of a text: the value and its status, or the code of
// the finding and what was expected.
func said(v record.Value, p *problem) string {
	if p != nil {
		return strings.TrimSpace(p.code + " " + p.expected)
	}
	if v.String() == string(v.Status) {
		return v.String()
	}
	return v.String() + " " + string(v.Status)
}

func from(n float64) *float64 { return &n }

func TestNumber(t *testing.T) {
	var (
		undeclared = Values{}
		rates      = Values{Decimals: 3}
		english    = Values{Decimal: ".", Group: ","}
		spanish    = Values{Decimal: ",", Group: "."}
		french     = Values{Decimal: ",", Group: " ", Decimals: 2}
		nbsp       = Values{Decimal: ",", Group: "\u202f"} // as copied from a file
		swiss      = Values{Decimal: ".", Group: "'"}
		signs      = Values{Blank: "L", Symbols: map[string]string{"..": "O", "-": "0", "n.d.": "O", "s/d": "L", "X": "Q", "n/a": "M", "999": "O"}}
		from0      = Values{CensoredFrom: from(0)}
		from1      = Values{CensoredFrom: from(1)}
	)
	tests := []struct {
		name   string
		values Values
		text   string
		want   string
	}{
		{"digits alone", undeclared, "1757", "1757 A"},
		{"zero is a figure", undeclared, "0", "0 A"},
		{"minus zero is zero", undeclared, "-0", "0 A"},
		{"leading zeros", undeclared, "007", "7 A"},
		{"spaces around", undeclared, " \u00a017\u200b ", "17 A"},

		{"comma, undeclared", undeclared, "1,757", "TIP-V002 1757 | 1.757"},
		{"point, undeclared", undeclared, "1.757", "TIP-V002 1.757 | 1757"},
		{"another, undeclared", undeclared, "1.234", "TIP-V002 1.234 | 1234"},
		{"negative, undeclared", undeclared, "-1.234", "TIP-V002 -1.234 | -1234"},
		{"two groups have one reading", undeclared, "1.234.567", "1234567 A"},
		{"two groups with commas", undeclared, "1,234,567", "1234567 A"},
		{"both marks have one reading", rates, "1.234,5", "1234.5 A"},
		{"both marks, English", rates, "1,234.5", "1234.5 A"},
		{"decimals that are no group", rates, "12,75", "12.75 A"},
		{"zero in front is no group", rates, "0,757", "0.757 A"},
		{"apostrophe", undeclared, "1'234", "1234 A"},
		{"typographic apostrophe", undeclared, "1\u2019234", "1234 A"},
		{"space", undeclared, "1 234", "1234 A"},
		{"no-break space", undeclared, "1\u00a0234", "1234 A"},
		{"narrow no-break space", undeclared, "12\u202f345\u202f678", "12345678 A"},
		{"thin space", undeclared, "1\u2009234", "1234 A"},

		{"declared English", english, "1,757", "1757 A"},
		{"declared English, decimals in a count", english, "1.757", "TIP-V006"},
		{"declared Spanish", spanish, "1.757", "1757 A"},
		{"declared Spanish, decimals in a count", spanish, "1,757", "TIP-V006"},
		{"declared Spanish, English text", spanish, "1,234,567", "TIP-V001"},
		{"declared French", french, "1 234,50", "1234.5 A"},
		{"declared French, no-break spaces", french, "1\u00a0234\u202f567", "1234567 A"},
		{"declared with the file's own space", nbsp, "1 234", "1234 A"},
		{"declared with the file's own space, same", nbsp, "1\u202f234", "1234 A"},
		{"declared Swiss", swiss, "1'234'567", "1234567 A"},
		{"declared, yet a group of two", english, "1,75", "TIP-V001"},
		{"declared, yet a group of four", english, "12345,678", "TIP-V001"},
		{"declared decimal only", Values{Decimal: "."}, "1,234", "TIP-V001"},

		{"group of two digits", undeclared, "12 34", "TIP-V001"},
		{"two years", undeclared, "2022 2023", "TIP-V001"},
		{"decimals where a count is wanted", undeclared, "98,5", "TIP-V006"},
		{"a whole number written with decimals", english, "98.0", "98 A"},
		{"negative", undeclared, "-98", "TIP-V007"},
		{"negative with a typographic minus", undeclared, "\u221298", "TIP-V007"},
		{"a range", undeclared, "5-10", "TIP-V001"},
		{"plus", undeclared, "+5", "TIP-V001"},
		{"twenty digits", undeclared, "12345678901234567890", "TIP-V001"},
		{"sixteen digits are not exact", undeclared, "1000000000000001", "TIP-V001"},
		{"fifteen digits", undeclared, "999999999999999", "999999999999999 A"},
		{"four hundred digits", undeclared, strings.Repeat("9", 400), "TIP-V001"},
		{"NaN", undeclared, "NaN", "TIP-V001"},
		{"Inf", undeclared, "Inf", "TIP-V001"},
		{"infinity", undeclared, "-infinity", "TIP-V001"},
		{"exponent", undeclared, "1e5", "TIP-V001"},
		{"hexadecimal", undeclared, "0x1F", "TIP-V001"},
		{"underscore", undeclared, "1_000", "TIP-V001"},
		{"trailing mark", undeclared, "288 (p)", "TIP-V001"},
		{"trailing letter", undeclared, "12a", "TIP-V001"},
		{"trailing point", undeclared, "12.", "TIP-V001"},
		{"leading point", undeclared, ".5", "TIP-V001"},
		{"percent", undeclared, "12 %", "TIP-V001"},
		{"a word", undeclared, "doce", "TIP-V001"},
		{"Arabic digits", undeclared, "١٢", "TIP-V001"},

		{"blank, undeclared", undeclared, "", "TIP-V003"},
		{"only spaces", undeclared, " \u00a0\u200b", "TIP-V003"},
		{"sign, undeclared", undeclared, "..", "TIP-V001"},
		{"dash, undeclared", undeclared, "-", "TIP-V001"},
		{"n.d., undeclared", undeclared, "n.d.", "TIP-V001"},
		{"blank, declared", signs, "", "L"},
		{"not available", signs, "..", "O"},
		{"dash for zero", signs, "-", "0 A"},
		{"en dash for the dash", signs, "–", "0 A"},
		{"no data, in capitals", signs, "N.D.", "O"},
		{"s/d", signs, " S/D ", "L"},
		{"withheld", signs, "x", "Q"},
		{"not applicable", signs, "n/a", "M"},
		{"a figure as a sign", signs, "999", "O"},
		{"zero beside the signs", signs, "0", "0 A"},
		{"an unknown sign beside the signs", signs, "...", "TIP-V001"},

		{"censored, undeclared", undeclared, "<5", "TIP-V005"},
		{"censored from 0", from0, "<5", "0–4 Q"},
		{"censored from 1", from1, "<5", "1–4 Q"},
		{"at most", from0, "<=4", "0–4 Q"},
		{"at most, one sign", from1, "≤4", "1–4 Q"},
		{"at most, slanted sign", from1, "⩽ 4", "1–4 Q"},
		{"with a space", from1, "< 5", "1–4 Q"},
		{"large", Values{CensoredFrom: from(0), Group: "."}, "<1.000", "0–999 Q"},
		{"large, undeclared marks", from0, "<1.000", "TIP-V002 1 | 1000"},
		{"nothing below one", from1, "<1", "TIP-V001"},
		{"zero below one", from0, "<1", "0–0 Q"},
		{"nothing below zero", from0, "<0", "TIP-V001"},
		{"nothing at most zero from one", from1, "<=0", "TIP-V001"},
		{"negative bound", from0, "<-5", "TIP-V001"},
		{"broken bound", from0, "<4,5", "TIP-V001"},
		{"a rate's bound is not lowered", Values{Decimals: 1, CensoredFrom: from(0)}, "<0.5", "0–0.5 Q"},
		{"huge bound", from0, "<99999999999999999999", "TIP-V001"},
		{"only the sign", from0, "<", "TIP-V001"},
		{"twice", from0, "<<5", "TIP-V001"},
		{"greater", from0, ">5", "TIP-V001"},
		{"declared as a sign", Values{CensoredFrom: from(0), Symbols: map[string]string{"<5": "Q"}}, "<5", "Q"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, said(tt.values.number(tt.text))); diff != "" {
				t.Errorf("number(%q) (-want +got):\n%s", tt.text, diff)
			}
		})
	}
}

// The five kinds of nothing, a zero and a censored figure stay apart.
func TestNothingsStayApart(t *testing.T) {
	v := Values{Blank: "L", CensoredFrom: from(0), Symbols: map[string]string{"..": "O", "-": "M", "x": "Q", "n.d.": "P"}}
	seen := map[string]string{}
	for _, text := range []string{"", "..", "-", "x", "n.d.", "0", "<5"} {
		got := said(v.number(text))
		if was, ok := seen[got]; ok {
			t.Errorf("%q and %q both read as %s", was, text, got)
		}
		seen[got] = text
	}
}

func TestAccept(t *testing.T) {
	tests := []struct {
		n    float64
		want string
	}{
		{12, "12 A"}, {math.Copysign(0, -1), "0 A"}, {12.5, "TIP-V006"}, {-1, "TIP-V007"},
		{math.NaN(), "TIP-V001"}, {math.Inf(1), "TIP-V001"}, {math.Inf(-1), "TIP-V001"}, {1e16, "TIP-V001"},
	}
	for _, tt := range tests {
		if got := said((Values{}).accept(tt.n)); got != tt.want {
			t.Errorf("accept(%v) = %s, want %s", tt.n, got, tt.want)
		}
	}
	if got := said(Values{Decimals: 1}.accept(12.5)); got != "12.5 A" {
		t.Errorf("with decimals: %s", got)
	}
}

func TestKey(t *testing.T) {
	tests := []struct {
		a, b string
		same bool
	}{
		{"Víctima  directa", "VICTIMA DIRECTA", true},
		{"18 y más", "18 Y MAS", true},
		{"-1", "1", false},
		{"1.5", "15", false},
		{"<18", "18", false},
		{"-", "", false},
		{"..", "-", false},
		{"–", "-", true},
		{" \u200b", "", true},
		{"N/A", "n.a.", true},
	}
	for _, tt := range tests {
		if got := key(tt.a) == key(tt.b); got != tt.same {
			t.Errorf("key(%q) = %q, key(%q) = %q: same is %v, want %v", tt.a, key(tt.a), tt.b, key(tt.b), got, tt.same)
		}
	}
}

// conventions are the ways of writing figures that the fuzz test knows,
// written down apart from the code under test.
var conventions = []struct {
	form  *regexp.Regexp
	group string
}{
	{regexp.MustCompile(`^-?(\d+|[1-9]\d{0,2}(,\d{3})+)(\.\d+)?$`), ","},
	{regexp.MustCompile(`^-?(\d+|[1-9]\d{0,2}(\.\d{3})+)(,\d+)?$`), "."},
	{regexp.MustCompile(`^-?(\d+|[1-9]\d{0,2}( \d{3})+)([.,]\d+)?$`), " "},
	{regexp.MustCompile(`^-?(\d+|[1-9]\d{0,2}('\d{3})+)(\.\d+)?$`), "'"},
}

// FuzzNumber: whatever stands in a cell, reading it does not panic; what is
// accepted is written and read as the same figure; and what two conventions
// read differently is never accepted undeclared.
func FuzzNumber(f *testing.F) {
	for _, s := range []string{"0", "-0", "1,757", "1.757", "1.234.567", "1 234", "1\u202f234,5", "1'234", "<5", "<=4", "≤ 4", "..", "-", "n.d.", "NaN", "1e5", "12345678901234567890", "0,757", "123,4560", "00,757", "<1.000", "\xff"} {
		f.Add(s)
	}
	ways := []Values{
		{}, {Decimals: 6}, {Decimal: ".", Group: ",", Decimals: 6}, {Decimal: ",", Group: ".", Decimals: 6}, {Decimal: ",", Group: "\u00a0"},
		{CensoredFrom: from(0), Blank: "L", Symbols: map[string]string{"..": "O", "-": "0"}}, {CensoredFrom: from(1), Decimals: 2},
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, v := range ways {
			got, p := v.number(s)
			if p != nil {
				if p.code == "" {
					t.Errorf("%+v %q: refused without a code", v, s)
				}
				continue
			}
			if !got.IsExact() {
				if got.Lower > got.Upper || got.Lower < 0 {
					t.Errorf("%+v %q: bounds %v to %v", v, s, got.Lower, got.Upper)
				}
				continue
			}
			if got.Number < 0 || math.Signbit(got.Number) || v.Decimals == 0 && got.Number != math.Trunc(got.Number) {
				t.Errorf("%+v %q: accepted %v", v, s, got.Number)
			}
			again, p := Values{Decimal: ".", Decimals: 20}.number(record.FormatNumber(got.Number))
			if p != nil || again != got {
				t.Errorf("%+v %q: read as %v, written and read as %v %v", v, s, got, again, p)
			}
			if v.Decimal != "" || v.Symbols != nil {
				continue
			}
			plain := trim(numeral.Replace(s))
			for _, c := range conventions {
				if !c.form.MatchString(plain) {
					continue
				}
				digits := strings.ReplaceAll(plain, c.group, "")
				digits = strings.ReplaceAll(digits, ",", ".")
				if n, err := strconv.ParseFloat(digits, 64); err == nil && n != got.Number {
					t.Errorf("%+v %q: accepted as %v, although %q groups read it as %v", v, s, got.Number, c.group, n)
				}
			}
		}
	})
}
