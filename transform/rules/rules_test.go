package rules_test

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/memory"
	gocmp "github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/harmonize"
	"github.com/oas/tipstat/transform/record"
	"github.com/oas/tipstat/transform/rules"
	"github.com/oas/tipstat/transform/store"
)

var vocabulary = sync.OnceValues(func() (*codelist.Set, error) { return codelist.Load(nil) })

// figures gives the figures of an example.
func figures(t *testing.T, table string) []record.Figure {
	t.Helper()
	rows, err := rules.Rows(table)
	if err != nil || len(rows) == 0 {
		t.Fatal(err, table)
	}
	var out []record.Figure
	for _, words := range rows[1:] {
		f := record.Figure{Sheet: rules.ExampleSheet, RowNo: len(out) + 1, Breakdown: rules.Default("breakdown"), Role: rules.Default("role"), Concepts: record.NewConcepts()}
		set := func(id, v string) {
			c, ok := record.ConceptOf(id)
			if !ok {
				t.Fatalf("no concept %s", id)
			}
			f.Concepts[c] = v
		}
		for _, id := range []string{"REF_AREA", "INDICATOR", "TIME_PERIOD", "COUNTING_UNIT", "SOURCE_AGENCY"} {
			set(id, rules.Default(id))
		}
		for i, c := range rows[0] {
			switch w := words[i]; c {
			case "cell":
				f.Cell = w
			case "sheet":
				f.Sheet = w
			case "place":
				f.AreaDetail = w
			case "breakdown":
				f.Breakdown = w
			case "role":
				f.Role = w
			case "value":
				f.Value, f.Raw = value(t, w)
				set("OBS_STATUS", string(f.Value.Status))
			default:
				set(c, w)
			}
		}
		freq := map[byte]string{'Q': "Q", 'S': "S"}
		switch period := f.Concepts.Get("TIME_PERIOD"); {
		case len(period) == 7 && freq[period[5]] != "":
			set("FREQ", freq[period[5]])
		case len(period) == 7:
			set("FREQ", "M")
		default:
			set("FREQ", "A")
		}
		out = append(out, f)
	}
	return out
}

func value(t *testing.T, s string) (record.Value, string) {
	t.Helper()
	number, raw, shown := strings.Cut(s, "=")
	if !shown {
		raw = s
	}
	number, status, flagged := strings.Cut(number, ":")
	if !flagged {
		status = "A"
	} else {
		raw = number
	}
	if strings.Trim(number, "OMLQ") == "" {
		return record.Missing(record.ObsStatus(number)), raw
	}
	below, censored := strings.CutPrefix(number, "<")
	n, err := strconv.ParseFloat(below, 64)
	if err != nil {
		t.Fatal(err)
	}
	if censored {
		return record.Censored(0, n-1), raw
	}
	v := record.Exact(n)
	v.Status = record.ObsStatus(status)
	return v, raw
}

// find takes the figures in as one submission and gives the findings of the rules.
func find(t *testing.T, s *store.Store, e rules.Example) record.Findings {
	t.Helper()
	ctx := context.Background()
	lists, err := vocabulary()
	if err != nil {
		t.Fatal(err)
	}
	tx, err := s.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := tx.Rollback(); err != nil {
			t.Error(err)
		}
	}()
	if err := tx.Vocabulary(ctx, lists); err != nil {
		t.Fatal(err)
	}
	if e.Before != "" {
		take(t, tx, e.Name+", before", "before.xlsx", e.Repeats, e.Before)
	}
	id := take(t, tx, e.Name, "f.xlsx", e.Repeats, e.Figures)
	before := observed(t, tx)
	found, err := rules.Submission(ctx, tx.Conn(), id, "f.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	if d := gocmp.Diff(before, observed(t, tx)); d != "" {
		t.Errorf("a rule changed the observations:\n%s", d)
	}
	return found
}

// take stores and harmonises the figures as one submission, and gives its id.
func take(t *testing.T, tx *store.Tx, bytes, file, repeats, table string) string {
	t.Helper()
	ctx := context.Background()
	hash := sha256.Sum256([]byte(bytes))
	sum := hex.EncodeToString(hash[:])
	id := store.SubmissionID(sum)
	b := record.NewBuilder(memory.DefaultAllocator, record.KindFigure, func(batch arrow.RecordBatch) error {
		return tx.Append(record.KindFigure, id, batch)
	})
	defer b.Release()
	for _, f := range figures(t, table) {
		if err := b.Figure(&f); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := tx.Submit(ctx, store.Submission{ID: id, SHA256: sum, FileName: file, Layout: "sample", Repeats: cmp.Or(repeats, "conflict"),
		ReceivedAt: time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC), Partitions: map[string][]string{rules.ExampleSplit: rules.ExampleDimensions}}, nil); err != nil {
		t.Fatal(err)
	}
	if err := harmonize.Submission(ctx, tx.Conn(), id); err != nil {
		t.Fatal(err)
	}
	return id
}

// observed is a mark of all observations of the open transaction.
func observed(t *testing.T, tx *store.Tx) string {
	t.Helper()
	var s string
	if err := tx.Conn().QueryRowContext(context.Background(), `SELECT md5(string_agg(o::VARCHAR, '' ORDER BY obs_id)) FROM observation o`).Scan(&s); err != nil {
		t.Fatal(err)
	}
	return s
}

// TestRules runs every rule over the examples that stand beside the rules: bad
// ones, with the cell and the context cell that each finding must show, and
// good ones, which look alike and are right. The findings of all rules are
// compared, so that no other one speaks beside it.
func TestRules(t *testing.T) {
	s, err := store.Open(context.Background(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	names := map[string]bool{}
	for _, code := range codes(t) {
		card, err := rules.CardOf(code)
		if err != nil {
			t.Error(err)
			continue
		}
		if len(card.Bad) == 0 || len(card.Good) == 0 {
			t.Errorf("%s: %d bad examples and %d good ones; it needs one of each", code, len(card.Bad), len(card.Good))
		}
		for _, e := range slices.Concat(card.Bad, card.Good) {
			if names[e.Name] {
				t.Errorf("%s: another example has the name %q", code, e.Name)
			}
			names[e.Name] = true
			t.Run(e.Name, func(t *testing.T) {
				want := record.Findings{}
				for _, f := range e.Finds {
					want = append(want, f.Finding("f.xlsx"))
				}
				got := find(t, s, e)
				for _, f := range got {
					if f.Severity == record.Error {
						t.Errorf("%s refuses what was accepted", f.Code)
					}
				}
				if d := gocmp.Diff(want, append(record.Findings{}, got...)); d != "" {
					t.Errorf("%s (-want +got):\n%s", code, d)
				}
			})
		}
		ours := func(f rules.Found) bool { return f.Code == code }
		for _, e := range card.Bad {
			if !slices.ContainsFunc(e.Finds, ours) {
				t.Errorf("%s finds nothing in its bad example %q", code, e.Name)
			}
		}
		for _, e := range card.Good {
			if len(e.Finds) > 0 {
				t.Errorf("%s: the good example %q has findings", code, e.Name)
			}
		}
	}
}

// codes are the rules in rules/. A file of examples beside no rule is an error.
func codes(t *testing.T) (all []string) {
	t.Helper()
	entries, err := os.ReadDir("rules")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		code, sql := strings.CutSuffix(e.Name(), ".sql")
		if sql {
			all = append(all, code)
			continue
		}
		if _, err := os.Stat("rules/" + strings.TrimSuffix(e.Name(), ".yaml") + ".sql"); err != nil {
			t.Errorf("%s stands beside no rule", e.Name())
		}
	}
	if len(all) == 0 {
		t.Fatal("no rules")
	}
	return all
}

// TestImprobable holds the approximation of words.sql against the exact test of
// two Poisson counts: given their sum, the first is binomial with one half. With
// few persons it is that test; with many it may be a little stricter or laxer.
func TestImprobable(t *testing.T) {
	s, err := store.Open(context.Background(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	var macros string
	words, err := os.ReadFile("words.sql")
	if err != nil {
		t.Fatal(err)
	}
	for statement := range strings.SplitSeq(string(words), ";\n") {
		if strings.Contains(statement, " MACRO ") {
			macros += statement + ";\n"
		}
	}
	conn, err := s.DB().Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(context.Background(), macros); err != nil {
		t.Fatal(err)
	}
	rows, err := conn.QueryContext(context.Background(), `SELECT a, b, far_apart(a, a, b, b) FROM range(0, 400) x(a), range(0, 400) y(b) WHERE a < b AND (b < 60 OR b % 13 = 0)`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	n, differ := 0, 0
	for rows.Next() {
		var a, b int
		var far bool
		if err := rows.Scan(&a, &b, &far); err != nil {
			t.Fatal(err)
		}
		p := exact(a, b)
		if far != (p < 1e-4) {
			differ++
			if p > 2.5e-4 || p < 2.5e-5 {
				t.Errorf("%d and %d: far apart %v, exact p %.2g", a, b, far, p)
			}
		}
		n++
	}
	if rows.Err() != nil || n < 5_000 {
		t.Fatal(n, rows.Err())
	}
	t.Logf("%d of %d pairs differ from the exact test at 0.0001", differ, n)
}

// exact is the two-sided p of the conditional test of two Poisson counts, a below b.
func exact(a, b int) float64 {
	var p float64
	for k := 0; k <= a; k++ {
		n, _ := math.Lgamma(float64(a + b + 1))
		i, _ := math.Lgamma(float64(k + 1))
		j, _ := math.Lgamma(float64(a + b - k + 1))
		p += math.Exp(n - i - j - float64(a+b)*math.Ln2)
	}
	return 2 * p
}
