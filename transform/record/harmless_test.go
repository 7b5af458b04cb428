package record_test

import (
	"strings"
	"testing"

	"github.com/oas/tipstat/transform/record"
)

func TestHarmless(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "victims": "victims", "a=b": "a=b", "5": "5", "-5": "-5", "+5.5": "+5.5", "-1e6": "-1e6", "-": "'-", "..": "..", "<5": "<5",
		"=1+1": "'=1+1", "+1+1": "'+1+1", "-1+1": "'-1+1", "@SUM(1)": "'@SUM(1)", "  =1": "'  =1", "\t=1": "\t'=1", "\r\n=1": "\r\n'=1", `"=1`: `'"=1`, "\u200b=1": "'\u200b=1", "\u00a0=1": "'\u00a0=1",
		"＝1+1": "'＝1+1", "＋1": "'＋1", "－1": "'－1", "＠x": "'＠x", "﹦1": "'﹦1", "-inf": "'-inf", "-0x10": "'-0x10", "+1_0": "'+1_0",
		"=cmd|'/C calc'!A0": "'=cmd|'/C calc'!A0", "'=1": "''=1", "'quoted'": "'quoted'", "-5 %": "'-5 %",
		"a;=1": "a;'=1", "a; =1;b": "a;' =1;b", "a;-5": "a;-5", "art. 219; véase -3": "art. 219; véase -3", "a,=1": "a,=1", ";;=1": ";;'=1", "a\n=1": "a\n'=1",
	} {
		got := record.Harmless(in)
		if got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
		if back := record.Unmarked(got); back != in {
			t.Errorf("%q came back as %q", in, back)
		}
	}
}

// FuzzHarmless: no piece of what comes out begins as a formula, and the text comes back.
func FuzzHarmless(f *testing.F) {
	for _, s := range []string{"=1", "a;=1", "'=1", "\ufeff ＝1;;-5", "-5'", "' -5"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		out := record.Harmless(s)
		if back := record.Unmarked(out); back != s {
			t.Fatalf("%q → %q → %q", s, out, back)
		}
		for _, piece := range strings.FieldsFunc(out, func(r rune) bool { return strings.ContainsRune(";\t\r\n", r) }) {
			if p := strings.TrimLeft(piece, " \u00a0\ufeff"); p != "" && strings.ContainsRune("=@", rune(p[0])) {
				t.Fatalf("%q → %q: the piece %q is a formula", s, out, piece)
			}
		}
	})
}
