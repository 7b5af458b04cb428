package rules_test

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"os"
	"path/filepath"
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

// figures reads a table of figures: a line of column names, then a line a
// figure. A dot is the default of its column. Values are 12, <5 (0 to 4), 12:P
// (a status), 12=12.0 (the figure, and the text it stands in), or a kind of nothing.
func figures(t *testing.T, table string) []record.Figure {
	t.Helper()
	var columns []string
	var out []record.Figure
	for line := range strings.Lines(table) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		if columns == nil {
			columns = words
			continue
		}
		if len(words) != len(columns) {
			t.Fatalf("%d columns, %d words: %s", len(columns), len(words), line)
		}
		f := record.Figure{Sheet: "S", RowNo: len(out) + 1, Breakdown: "total", Role: "figure", Concepts: record.NewConcepts()}
		set := func(id, v string) {
			c, ok := record.ConceptOf(id)
			if !ok {
				t.Fatalf("no concept %s", id)
			}
			f.Concepts[c] = v
		}
		for id, v := range map[string]string{"REF_AREA": "PER", "INDICATOR": "VICTIMS_DETECTED", "TIME_PERIOD": "2023", "COUNTING_UNIT": "PERSON", "SOURCE_AGENCY": "SAMPLE"} {
			set(id, v)
		}
		for i, c := range columns {
			switch w := words[i]; {
			case w == ".":
			case c == "cell":
				f.Cell = w
			case c == "sheet":
				f.Sheet = w
			case c == "place":
				f.AreaDetail = w
			case c == "breakdown":
				f.Breakdown = w
			case c == "role":
				f.Role = w
			case c == "value":
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
func find(t *testing.T, s *store.Store, c ruleCase) record.Findings {
	t.Helper()
	ctx := context.Background()
	codes, err := vocabulary()
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
	if err := tx.Vocabulary(ctx, codes); err != nil {
		t.Fatal(err)
	}
	if c.before != "" {
		take(t, tx, c.name+", before", "before.xlsx", c.repeats, c.before)
	}
	id := take(t, tx, c.name, "f.xlsx", c.repeats, c.figures)
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
		ReceivedAt: time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC), Partitions: map[string][]string{"parts": {"SEX", "AGE", "EXPLOITATION"}}}, nil); err != nil {
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

// TestRules runs every rule over small files: those where it fires, with the
// cell and the context cell it must show, and those that look alike and are right.
// The findings of all rules are compared, so that no other one fires beside it.
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
	fired, quiet := map[string]bool{}, map[string]bool{}
	for _, c := range slices.Concat(ruleCases, tableCases, storeCases) {
		t.Run(c.name, func(t *testing.T) {
			got := []string{}
			for _, f := range find(t, s, c) {
				if f.Subject.File != "f.xlsx" || f.Context.Cell != "" && f.Context.File != "f.xlsx" {
					t.Errorf("the finding does not say the file: %+v", f)
				}
				if f.Severity == record.Error {
					t.Errorf("%s refuses what was accepted", f.Code)
				}
				f.Subject.File, f.Context.File = "", ""
				got = append(got, fmt.Sprintf("%s at %s against %s: found %s expected %s count %d", f.Code, f.Subject, f.Context, f.Found, f.Expected, f.Count))
				fired[f.Code] = true
			}
			if d := gocmp.Diff(append([]string{}, c.want...), got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			if len(c.want) == 0 {
				quiet[c.rule] = true
			}
		})
	}
	names, err := filepath.Glob("rules/*.sql")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	types, err := record.FindingTypes()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		code := strings.TrimSuffix(filepath.Base(name), ".sql")
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(types, func(ty record.FindingType) bool { return ty.Code == code })
		if i < 0 || !strings.Contains(string(b), fmt.Sprintf("Level %d.", types[i].Level)) {
			t.Errorf("%s: its comment and its texts do not say the same level", code)
		}
		if !fired[code] || !quiet[code] {
			t.Errorf("%s: a case where it fires %v, one where it does not %v", code, fired[code], quiet[code])
		}
	}
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
