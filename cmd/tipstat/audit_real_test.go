package main

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/testdata/realdata"
	"github.com/oas/tipstat/transform/disclosure/audit"
)

// audited reads and audits what was published, as tipstat audit does.
func audited(tb testing.TB, paths ...string) *audit.Report {
	tb.Helper()
	a := &app{now: time.Now, lang: "en"}
	in, err := a.reader(nil)
	if err != nil {
		tb.Fatal(err)
	}
	c := &auditing{app: a, in: in}
	for _, path := range paths {
		if err := c.read(context.Background(), path); err != nil {
			tb.Fatal(err)
		}
	}
	r, err := audit.Run(context.Background(), c.pubs, audit.Options{Codes: in.Codes})
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

// TestAuditGLOTIP: the attacker bites. UNODC's export hides counts under five and
// nothing beside them, so that subtraction gives most of them away. The numbers of
// sets are those that plain Python counts (glotip_oracle.py in the audit's testdata).
func TestAuditGLOTIP(t *testing.T) {
	path := realdata.File(t, "unodc-glotip/data_glotip.xlsx")
	began := time.Now()
	r := audited(t, path)
	t.Logf("%d of %d hidden cells exact, %d narrowed, in %v", r.ByVerdict[audit.Exact], r.Hidden, r.ByVerdict[audit.Narrowed], time.Since(began).Round(time.Second/10))
	got := map[string][2]int{}
	subtraction := 0
	for _, s := range r.Sets {
		subtraction += s.Subtraction
		if s.Dimension == "SEX" || s.Dimension == "AGE" {
			got[s.Dimension] = [2]int{s.OneHidden, s.Subtraction}
		}
	}
	if d := cmp.Diff(map[string][2]int{"SEX": {1633, 1497}, "AGE": {2015, 1988}}, got); d != "" {
		t.Errorf("sets with one hidden part, and by subtraction (-Python +audit)\n%s", d)
	}
	if subtraction < 1000 {
		t.Errorf("subtraction gives away %d sets; issue 6 says over a thousand", subtraction)
	}
	exact, given, beyond := 0, 0, 0
	for _, f := range r.Findings {
		if f.Lower > f.Upper || f.Lower < f.Told.Lower || f.Upper > f.Told.Upper {
			t.Errorf("%s: told %v, inferred %v", f.Places[0], f.Told, f.Bounds)
		}
		switch {
		case f.Beyond():
			beyond++
		case f.Verdict == audit.Exact:
			exact++
			if f.Total != nil {
				given++
			}
		}
	}
	if d := cmp.Diff([]int{22300, 6217, 961}, []int{r.Hidden, exact, beyond}); d != "" {
		t.Errorf("hidden, exact, and small counts beyond the parts of a total (-were +are)\n%s", d)
	}
	if given < 3000 {
		t.Errorf("%d exact cells have their total beside them", given)
	}
}

// BenchmarkAudit: seconds of a whole audit, HiGHS made ready once before.
func BenchmarkAudit(b *testing.B) {
	b.Run("glotip", func(b *testing.B) {
		path := realdata.File(b, "unodc-glotip/data_glotip.xlsx")
		for b.Loop() {
			audited(b, path)
		}
	})
	b.Run("pack", func(b *testing.B) {
		pack := demoPack(b)
		for b.Loop() {
			audited(b, pack)
		}
	})
}
