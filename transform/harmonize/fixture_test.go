package harmonize_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
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

	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/harmonize"
	"github.com/oas/tipstat/transform/record"
	"github.com/oas/tipstat/transform/store"
)

// fixture is one submission, written as text:
//
//	# what it shows
//	repeats add
//	partition total SEX AGE
//	set VICTIM_STATUS=PRESUMED
//
//	figures
//	cell  place  SEX  TIME_PERIOD  value
//	B2    Lima   F    2023         <5
//
//	want
//	(one line an observation; UPDATE=1 writes them)
//
// A dot stands for the default of its column. Values are 12, <5 (0 to 4), 1..4,
// a kind of nothing (O M L Q), or a figure with its status (12:P).
type fixture struct {
	name       string
	layout     string
	repeats    string
	partitions map[string][]string
	base       map[string]string
	figures    []record.Figure
	cases      []record.Case
	want       string
	head       string // the text up to want
}

// base is what a row says unless it says otherwise: an observation of grade A.
var base = map[string]string{"REF_AREA": "PER", "INDICATOR": "VICTIMS_DETECTED", "TIME_PERIOD": "2023", "COUNTING_UNIT": "PERSON",
	"VICTIM_STATUS": "IDENTIFIED", "COVERAGE": "NATIONAL", "IDENTIFIED_BY": "POLICE", "SOURCE_AGENCY": "SAMPLE"}

func readFixture(t *testing.T, path string) *fixture {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return parseFixture(t, strings.TrimSuffix(filepath.Base(path), ".txt"), string(b))
}

func parseFixture(t *testing.T, name, text string) *fixture {
	t.Helper()
	fx := &fixture{name: name, layout: name, repeats: "conflict", partitions: map[string][]string{}, base: map[string]string{}}
	for k, v := range base {
		fx.base[k] = v
	}
	head, want, _ := strings.Cut(text, "\nwant\n")
	fx.head, fx.want = head, want
	section := ""
	var columns []string
	for line := range strings.Lines(head) {
		words := strings.Fields(line)
		switch {
		case len(words) == 0:
			section, columns = "", nil
		case words[0] == "#":
		case section != "" && columns == nil:
			columns = words
		case section != "":
			if len(words) != len(columns) {
				t.Fatalf("%s: %d columns, %d words: %s", name, len(columns), len(words), line)
			}
			fx.row(t, section, columns, words)
		case words[0] == "repeats":
			fx.repeats = words[1]
		case words[0] == "layout":
			fx.layout = words[1]
		case words[0] == "partition":
			fx.partitions[words[1]] = words[2:]
		case words[0] == "set":
			for _, w := range words[1:] {
				k, v, _ := strings.Cut(w, "=")
				fx.base[k] = v
			}
		default:
			section = words[0]
		}
	}
	return fx
}

func (fx *fixture) row(t *testing.T, section string, columns, words []string) {
	t.Helper()
	f := record.Figure{RowNo: len(fx.figures) + 1, Breakdown: "total", Role: "figure", Concepts: record.NewConcepts(), Value: record.Exact(1)}
	set := func(id, text string) {
		c, ok := record.ConceptOf(id)
		if !ok {
			t.Fatalf("%s: no concept %s", fx.name, id)
		}
		f.Concepts[c] = text
	}
	for k, v := range fx.base {
		set(k, v)
	}
	for i, c := range columns {
		w := words[i]
		if w == "." && c != "value" {
			continue
		}
		switch c {
		case "cell":
			f.Cell = w
		case "row":
			f.RowNo, _ = strconv.Atoi(w)
		case "sheet":
			f.Sheet = w
		case "place":
			f.AreaDetail = w
		case "breakdown":
			f.Breakdown = w
		case "role":
			f.Role = w
		case "value":
			f.Raw, f.Value = w, parseValue(t, w)
			if f.Value.Status != record.Normal {
				set("OBS_STATUS", string(f.Value.Status))
			}
			if f.Value.Status == record.Suppressed {
				set("CONF_STATUS", "A")
			}
		default:
			set(c, w)
		}
	}
	set("FREQ", freqOf(f.Concepts.Get("TIME_PERIOD")))
	if section == "cases" {
		fx.cases = append(fx.cases, record.Case{Sheet: f.Sheet, RowNo: f.RowNo, Concepts: f.Concepts})
		return
	}
	fx.figures = append(fx.figures, f)
}

func freqOf(period string) string {
	switch {
	case len(period) == 4 || strings.HasSuffix(period, "/P1Y"):
		return "A"
	case len(period) == 7 && strings.Contains(period, "-Q"):
		return "Q"
	case len(period) == 7 && strings.Contains(period, "-S"):
		return "S"
	case len(period) == 7:
		return "M"
	}
	return "I"
}

func parseValue(t *testing.T, s string) record.Value {
	t.Helper()
	num := func(s string) float64 {
		n, err := strconv.ParseFloat(s, 64)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if rest, ok := strings.CutPrefix(s, "<"); ok {
		return record.Censored(0, num(rest)-1)
	}
	if lo, hi, ok := strings.Cut(s, ".."); ok {
		return record.Censored(num(lo), num(hi))
	}
	if strings.Trim(s, "OMLQ") == "" {
		return record.Missing(record.ObsStatus(s))
	}
	n, status, _ := strings.Cut(s, ":")
	v := record.Exact(num(n))
	if status != "" {
		v.Status = record.ObsStatus(status)
	}
	return v
}

var vocabulary = sync.OnceValues(func() (*codelist.Set, error) { return codelist.Load(nil) })

// openStore gives a store in memory with the vocabulary in it.
func openStore(t *testing.T, threads int) *store.Store {
	t.Helper()
	ctx := context.Background()
	s, err := store.Settings{Threads: threads}.Open(ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// shaOf stands in for the hash of the fixture's file.
func shaOf(fx *fixture) string {
	hash := sha256.Sum256([]byte(fx.name))
	return hex.EncodeToString(hash[:])
}

func idOf(fx *fixture) string { return store.SubmissionID(shaOf(fx)) }

// take stores and harmonises a fixture and gives its submission's id.
func take(t *testing.T, s *store.Store, fx *fixture) string {
	t.Helper()
	ctx := context.Background()
	sum, id := shaOf(fx), idOf(fx)
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
	for _, kind := range []record.Kind{record.KindFigure, record.KindCase} {
		b := record.NewBuilder(memory.DefaultAllocator, kind, func(batch arrow.RecordBatch) error { return tx.Append(kind, id, batch) })
		if kind == record.KindFigure {
			for i := range fx.figures {
				err = b.Figure(&fx.figures[i])
			}
		} else {
			for i := range fx.cases {
				err = b.Case(&fx.cases[i])
			}
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Flush(); err != nil {
			t.Fatal(err)
		}
		b.Release()
	}
	sub := store.Submission{ID: id, SHA256: sum, FileName: fx.name + ".csv", Format: "csv", Layout: fx.layout, LayoutVersion: "1.0.0",
		Record: "victims", SourceAgency: "SAMPLE", Repeats: fx.repeats, ReceivedAt: time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC),
		RunID: "test", Partitions: fx.partitions}
	if err := tx.Submit(ctx, sub, nil); err != nil {
		t.Fatal(err)
	}
	if err := harmonize.Submission(ctx, tx.Conn(), id); err != nil {
		t.Fatalf("%s: %v", fx.name, err)
	}
	if err := tx.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	return id
}

// fixtures gives the names of the files in testdata.
func fixtures(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	slices.Sort(names)
	return names
}
