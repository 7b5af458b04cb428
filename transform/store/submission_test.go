package store_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/transform/record"
	"github.com/oas/tipstat/transform/store"
)

// sample describes a submission whose file holds these bytes.
func sample(content string) store.Submission {
	hash := sha256.Sum256([]byte(content))
	sum := hex.EncodeToString(hash[:])
	return store.Submission{ID: store.SubmissionID(sum), SHA256: sum, FileName: content + ".csv", Bytes: int64(len(content)), Format: "csv",
		Layout: "sample", LayoutVersion: "1.0.0", LayoutSHA256: "ab", Record: "victims", SourceAgency: "SAMPLE", Repeats: "conflict",
		ReceivedAt: time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC), RunID: "run-1", Partitions: map[string][]string{"total": {"SEX", "AGE"}}}
}

// figures gives a builder's emit n figures to append.
func figures(n int, emit func(arrow.RecordBatch) error) error {
	b := record.NewBuilder(memory.DefaultAllocator, record.KindFigure, emit)
	defer b.Release()
	f := record.Figure{Sheet: "S", Cell: "B2", Raw: "<5", Breakdown: "total", Role: "figure", Concepts: record.NewConcepts(), Value: record.Censored(0, 4)}
	for i := range n {
		f.RowNo = i + 1
		if err := b.Figure(&f); err != nil {
			return err
		}
	}
	return b.Flush()
}

var account = []record.RowAccount{{Sheet: "S", Outcome: record.Observed, Rows: 3}, {Sheet: "S", Outcome: record.Refused, Rule: "TIP-V017", Rows: 2}}

// fill writes all there is of a submission into a transaction.
func fill(tx *store.Tx, sub store.Submission, findings record.Findings) error {
	ctx := context.Background()
	return errors.Join(
		figures(3, func(b arrow.RecordBatch) error { return tx.Append(record.KindFigure, sub.ID, b) }),
		tx.Run(ctx, sub.RunID, sub.ReceivedAt, "test", "tipstat ingest"),
		tx.Submit(ctx, sub, account),
		tx.Findings(ctx, sub.ID, findings))
}

func put(t *testing.T, s *store.Store, sub store.Submission, findings record.Findings) {
	t.Helper()
	tx, err := s.Begin(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(fill(tx, sub, findings), tx.Commit(context.Background()), tx.Rollback()); err != nil {
		t.Fatal(err)
	}
}

// counts gives the number of rows of every table that belongs to submissions.
func counts(t *testing.T, s *store.Store) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, table := range lines(t, s, `SELECT table_name FROM duckdb_tables() WHERE table_name <> 'schema_migration'`) {
		if n := lines(t, s, `SELECT count(*)::VARCHAR FROM `+table)[0]; n != "0" {
			out[table] = n
		}
	}
	return out
}

func TestCommit(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "store.duckdb")
	s := open(t, path)
	sub := sample("a")
	tx, err := s.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := fill(tx, sub, record.Findings{record.NewFinding("TIP-V022", record.Place{Sheet: "S"})}); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(map[string]string{}, counts(t, s)); d != "" {
		t.Errorf("seen before the commit:\n%s", d)
	}
	if _, _, ok, err := s.Find(ctx, sub.SHA256); ok || err != nil {
		t.Errorf("found before the commit (%v)", err)
	}
	if err := tx.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	if err := tx.Rollback(); err != nil {
		t.Errorf("a rollback after the commit: %v", err)
	}
	want := map[string]string{"figure": "3", "run": "1", "submission": "1", "row_account": "2", "breakdown": "2", "finding": "1"}
	if d := cmp.Diff(want, counts(t, s)); d != "" {
		t.Errorf("after the commit (-want +got):\n%s", d)
	}
	if id, _, ok, err := s.Find(ctx, sub.SHA256); id != sub.ID || !ok || err != nil {
		t.Errorf("Find: %q, %v, %v", id, ok, err)
	}
	// The bounds of <5 are kept, and there is no number.
	if d := cmp.Diff([]string{"none 0.0 4.0"}, lines(t, s, `SELECT DISTINCT concat_ws(' ', coalesce(OBS_VALUE::VARCHAR, 'none'), LOWER_BOUND, UPPER_BOUND) FROM figure`)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestRollback(t *testing.T) {
	ctx := context.Background()
	s := open(t, filepath.Join(t.TempDir(), "store.duckdb"))
	tx, err := s.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(fill(tx, sample("a"), record.Findings{{Code: "TIP-V022", Severity: record.Info, Count: 1}}), tx.Rollback(), tx.Rollback()); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(map[string]string{}, counts(t, s)); d != "" {
		t.Errorf("after the rollback:\n%s", d)
	}
	put(t, s, sample("a"), nil) // and the file can be taken in again
	// A context that ends does not keep the rollback from happening.
	ended, cancel := context.WithCancel(ctx)
	tx, err = s.Begin(ended)
	if err != nil {
		t.Fatal(err)
	}
	if err := fill(tx, sample("b"), nil); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := tx.Commit(ended); err == nil {
		t.Error("a commit after the context ended")
	}
	if err := tx.Rollback(); err != nil {
		t.Error(err)
	}
	if n := counts(t, s)["submission"]; n != "1" {
		t.Errorf("%s submissions", n)
	}
}

// TestAppendFails: batches that were appended before one that fails leave nothing.
func TestAppendFails(t *testing.T) {
	ctx := context.Background()
	s := open(t, filepath.Join(t.TempDir(), "store.duckdb"))
	full := errors.New("the sheet ends in the middle")
	tx, err := s.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	batches := 0
	err = figures(record.BatchRows+10, func(b arrow.RecordBatch) error {
		if batches++; batches == 2 {
			return full
		}
		return tx.Append(record.KindFigure, "x", b)
	})
	if !errors.Is(err, full) || batches != 2 {
		t.Fatalf("%d batches, %v", batches, err)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	// A row of the wrong shape fails inside the Appender, after good ones.
	tx, err = s.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	err = figures(10, func(b arrow.RecordBatch) error {
		return errors.Join(tx.Append(record.KindFigure, "x", b), tx.Append(record.KindCase, "x", b))
	})
	if err == nil {
		t.Error("figures go into the table of cases")
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(map[string]string{}, counts(t, s)); d != "" {
		t.Errorf("left behind:\n%s", d)
	}
	put(t, s, sample("a"), nil)
}

// TestSameBytesTwice: the second entry of one file is refused, also when nobody
// looked first, and the first stays whole.
func TestSameBytesTwice(t *testing.T) {
	ctx := context.Background()
	s := open(t, "")
	put(t, s, sample("a"), nil)
	before := counts(t, s)
	tx, err := s.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	again := sample("a")
	again.FileName, again.Layout = "renamed.csv", "another"
	if err := tx.Submit(ctx, again, account); err == nil {
		t.Error("the same bytes were entered twice")
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(before, counts(t, s)); d != "" {
		t.Errorf("(-before +after):\n%s", d)
	}
	if _, _, ok, err := s.Find(ctx, sample("b").SHA256); ok || err != nil {
		t.Errorf("bytes that nobody sent: %v, %v", ok, err)
	}
}

// TestSubmissionsAtOnce: submissions that come at once are written one after the
// other, each whole, with a seq of its own; one that waits can give up.
func TestSubmissionsAtOnce(t *testing.T) {
	ctx := context.Background()
	s := open(t, filepath.Join(t.TempDir(), "store.duckdb"))
	const n = 8
	var wg sync.WaitGroup
	errs := make([]error, n)
	for i := range n {
		wg.Go(func() {
			tx, err := s.Begin(ctx)
			if err != nil {
				errs[i] = err
				return
			}
			errs[i] = errors.Join(fill(tx, sample(fmt.Sprint(i)), nil), tx.Commit(ctx), tx.Rollback())
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"1 2 3 4 5 6 7 8"}, lines(t, s, `SELECT string_agg(seq, ' ' ORDER BY seq) FROM submission`)); d != "" {
		t.Errorf("seq (-want +got):\n%s", d)
	}
	if got := counts(t, s)["figure"]; got != fmt.Sprint(3*n) {
		t.Errorf("%s figures", got)
	}
	tx, err := s.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	soon, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
	defer cancel()
	if _, err := s.Begin(soon); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a second submission beside an open one: %v", err)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	put(t, s, sample("last"), nil)
}
