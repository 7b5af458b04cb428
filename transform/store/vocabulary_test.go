package store_test

import (
	"context"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/store"
)

func vocabulary(t *testing.T, s *store.Store, set *codelist.Set, commit bool) {
	t.Helper()
	ctx := context.Background()
	tx, err := s.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := tx.Vocabulary(ctx, set); err != nil {
		t.Fatal(err)
	}
	if commit {
		if err := tx.Commit(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
}

// TestVocabulary: the tables hold the code lists; they are written again when
// these changed, as a part of the submission's transaction, and only then.
func TestVocabulary(t *testing.T) {
	s := open(t, "")
	set, err := codelist.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	vocabulary(t, s, set, false)
	if d := cmp.Diff(map[string]string{}, counts(t, s)); d != "" {
		t.Errorf("after a rollback:\n%s", d)
	}
	vocabulary(t, s, set, true)
	var want []string
	for _, id := range set.Lists() {
		l, _ := set.List(id)
		for _, c := range l.Codes() {
			want = append(want, id+"|"+c.ID+"|"+c.Parent+"|"+c.Name["en"]+"|"+c.Name["fr"])
		}
	}
	if d := cmp.Diff(want, lines(t, s, `SELECT concat_ws('|', list, code, parent, en, fr) FROM codelist ORDER BY list, position`)); d != "" {
		t.Errorf("codelist (-Go +table):\n%s", d)
	}
	for table, n := range map[string]int{"synonym": len(set.Synonyms()), "area_group": len(set.Groups()), "comparability": len(set.Comparability())} {
		if got := len(lines(t, s, `SELECT source FROM (SELECT 'x' AS source FROM `+table+`)`)); got != n || n == 0 {
			t.Errorf("%s: %d rows, want %d", table, got, n)
		}
	}
	// A mark that a fresh writing would wipe out.
	if _, err := s.DB().Exec(`INSERT INTO synonym VALUES ('CL_SEX', 'a mark', 'F', '', '', '')`); err != nil {
		t.Fatal(err)
	}
	marked := func() bool { return len(lines(t, s, `SELECT code FROM synonym WHERE spelling = 'a mark'`)) == 1 }
	vocabulary(t, s, set, true)
	if !marked() {
		t.Error("the same vocabulary was written again")
	}
	more, err := codelist.Load(fstest.MapFS{"synonyms/own.csv": {Data: []byte(
		"list,spelling,code,valid_from,valid_to,source,note\nCL_SEX,damas y niñas,F,,,test,\n")}})
	if err != nil {
		t.Fatal(err)
	}
	vocabulary(t, s, more, true)
	if marked() {
		t.Error("a new synonym, and the old vocabulary is still there")
	}
	if got := lines(t, s, `SELECT code FROM synonym WHERE spelling = 'damas y niñas'`); len(got) != 1 {
		t.Errorf("the new synonym: %v", got)
	}
	if got := lines(t, s, `SELECT name FROM setting`); len(got) != 1 {
		t.Errorf("settings: %v", got)
	}
}
