package rules_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/google/go-cmp/cmp"

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
	hash := sha256.Sum256([]byte(c.name))
	sum := hex.EncodeToString(hash[:])
	id := store.SubmissionID(sum)
	b := record.NewBuilder(memory.DefaultAllocator, record.KindFigure, func(batch arrow.RecordBatch) error {
		return tx.Append(record.KindFigure, id, batch)
	})
	defer b.Release()
	for _, f := range figures(t, c.figures) {
		if err := b.Figure(&f); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Flush(); err != nil {
		t.Fatal(err)
	}
	repeats := c.repeats
	if repeats == "" {
		repeats = "conflict"
	}
	if err := tx.Submit(ctx, store.Submission{ID: id, SHA256: sum, FileName: "f.xlsx", Layout: "sample", Repeats: repeats, ReceivedAt: time.Unix(0, 0),
		Partitions: map[string][]string{"parts": {"SEX", "AGE", "EXPLOITATION"}}}, nil); err != nil {
		t.Fatal(err)
	}
	if err := harmonize.Submission(ctx, tx.Conn(), id); err != nil {
		t.Fatal(err)
	}
	before := observed(t, tx)
	found, err := rules.Submission(ctx, tx.Conn(), id, "f.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(before, observed(t, tx)); d != "" {
		t.Errorf("a rule changed the observations:\n%s", d)
	}
	return found
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
	for _, c := range ruleCases {
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
			if d := cmp.Diff(append([]string{}, c.want...), got); d != "" {
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
	for _, name := range names {
		code := strings.TrimSuffix(filepath.Base(name), ".sql")
		if !fired[code] || !quiet[code] {
			t.Errorf("%s: a case where it fires %v, one where it does not %v", code, fired[code], quiet[code])
		}
	}
}
