package audit_test

import (
	"context"
	"testing"

	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/disclosure/audit"
)

// edition makes a publication of figures of one State: of all, of women and of men, each
// nil where it is hidden.
func edition(name string, all, women, men *float64) audit.Published {
	p := audit.Published{Name: name}
	for i, v := range []*float64{all, women, men} {
		k := audit.NewKey()
		for field, code := range map[string]string{"REF_AREA": "HND", "INDICATOR": "VICTIMS_DETECTED", "TIME_PERIOD": "2021", "SEX": []string{"_T", "F", "M"}[i]} {
			k.Set(field, code)
		}
		c := audit.Cell{Key: k, Obs: int64(i + 1), Whole: true}
		if c.Lower, c.Upper = audit.NoBounds(); v != nil {
			c.Lower, c.Upper = *v, *v
		} else {
			c.Hidden = true
		}
		p.Cells = append(p.Cells, c)
	}
	return p
}

// TestEach: what one publication tells by itself is found though another contradicts it;
// what was told before, and what is wrong since a figure was revised, is told apart, and
// nothing that the new one tells.
func TestEach(t *testing.T) {
	n := func(v float64) *float64 { return &v }
	codes, err := codelist.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	safe := edition("new", n(30), nil, nil)
	for _, tt := range []struct {
		name    string
		pubs    []audit.Published
		figures map[int64]float64
		fails   int
		alone   int
		before  bool
		wrong   bool
	}{
		{"one alone", []audit.Published{edition("new", n(30), n(27), nil)}, map[int64]float64{3: 3}, 1, 0, false, false},
		{"told by the new one", []audit.Published{edition("new", n(30), n(27), nil), edition("last", n(30), nil, nil)}, map[int64]float64{2: 27, 3: 3}, 2, 1, false, false},
		{"told by the last one", []audit.Published{safe, edition("last", n(30), n(27), nil)}, map[int64]float64{2: 27, 3: 3}, 2, 1, true, false},
		{"told by both, with the same name", []audit.Published{edition("pack", n(30), n(27), nil), edition("pack", n(30), n(27), nil)}, map[int64]float64{3: 3}, 1, 2, false, false},
		{"by both together, and wrong", []audit.Published{edition("new", n(31), nil, nil), edition("last", nil, n(27), nil)}, map[int64]float64{1: 33, 2: 29, 3: 5}, 3, 0, false, true},
		{"by both together, and true", []audit.Published{edition("new", n(31), nil, nil), edition("last", nil, n(27), nil)}, map[int64]float64{1: 31, 2: 27, 3: 4}, 3, 0, false, false},
		{"by both together; what it is is not known", []audit.Published{edition("new", n(31), nil, nil), edition("last", nil, n(27), nil)}, nil, 3, 0, false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := audit.Each(context.Background(), tt.pubs, audit.Options{Codes: codes})
			if err != nil {
				t.Fatal(err)
			}
			if r.Failed() != tt.fails || r.Hidden != len(r.Findings) {
				t.Fatalf("%d of %d fail; want %d: %+v", r.Failed(), r.Hidden, tt.fails, r.Findings)
			}
			for _, f := range r.Failing() {
				if f.Obs != 3 { // the men
					continue
				}
				if len(f.Alone) != tt.alone || f.ToldBefore(tt.figures) != tt.before || f.Wrong(tt.figures) != tt.wrong {
					t.Errorf("alone %v, before %t, wrong %t; want %d, %t, %t", f.Alone, f.ToldBefore(tt.figures), f.Wrong(tt.figures), tt.alone, tt.before, tt.wrong)
				}
				r.Excuse(audit.Mistaken, func(f audit.Finding) bool { return f.Obs == 3 })
				if r.Failed() != tt.fails-1 || r.ByVerdict[audit.Mistaken] != 1 {
					t.Errorf("excused: %d fail, %v", r.Failed(), r.ByVerdict)
				}
				break
			}
		})
	}
}
