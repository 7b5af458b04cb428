package table

import (
	"reflect"
	"testing"
)

// TestAskedOnce: a table that is asked once for all languages is the one that is asked anew
// in each, and the store is asked once.
func TestAskedOnce(t *testing.T) {
	db := fixture(t)
	specs, err := Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, spec := range specs {
		r, first, said := NewReader(db), 0, 0
		err := r.Languages(t.Context(), spec, Params{}, func(got *Table) error {
			said++
			if first == 0 {
				first = len(r.kept)
			}
			if len(r.kept) != first {
				t.Errorf("%s in %s: %d questions, %d in the first language", spec.ID, got.Lang, len(r.kept), first)
			}
			want, err := Build(t.Context(), db, spec, Params{Lang: got.Lang})
			if err == nil && !reflect.DeepEqual(got, want) {
				t.Errorf("%s in %s is another table than when it is made alone", spec.ID, got.Lang)
			}
			return err
		})
		if err != nil {
			t.Fatalf("%s: %v", spec.ID, err)
		}
		if said != 4 || first == 0 {
			t.Errorf("%s: %d languages, %d questions", spec.ID, said, first)
		}
	}
}
