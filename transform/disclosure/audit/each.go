package audit

import (
	"cmp"
	"context"
	"slices"
)

// Alone is what a publication tells of a hidden cell by itself, where it is too much.
type Alone struct {
	Publication int // of those given to Each, from 0
	Bounds
}

// Each audits publications together, and the first by itself: where they contradict each
// other, for a figure was revised, one alone may tell more than all do, or tell what is so
// where all tell what is not. Where anything is told, so are the others, to know which tells
// it. The report is that of all, and has what each tells (Finding.Alone).
func Each(ctx context.Context, pubs []Published, o Options) (*Report, error) {
	r, err := Run(ctx, pubs, o)
	if err != nil || len(pubs) < 2 {
		return r, err
	}
	at := r.byKey()
	o.Verdicts = true // what fails has its narrowest bounds all the same
	for i := range pubs {
		if i > 0 && len(r.Failing()) == 0 {
			break
		}
		alone, err := Run(ctx, pubs[i:i+1], o)
		if err != nil {
			return nil, err
		}
		for _, f := range alone.Failing() {
			r.same(at, f).alone(r, i, f)
		}
	}
	r.Hidden = len(r.Findings) - r.Beyond
	r.sort()
	return r, nil
}

func (r *Report) byKey() map[Key][]int {
	at := map[Key][]int{}
	for i, f := range r.Findings {
		at[f.Key] = append(at[f.Key], i)
	}
	return at
}

// same gives the finding of the same cell; it is added if there is none.
func (r *Report) same(at map[Key][]int, f Finding) *Finding {
	for _, i := range at[f.Key] {
		if r.Findings[i].is(f) {
			return &r.Findings[i]
		}
	}
	at[f.Key] = append(at[f.Key], len(r.Findings))
	r.add(f)
	return &r.Findings[len(r.Findings)-1]
}

// is tells whether two findings of the same codes are of the same cell, or of what is left
// by the same figures.
func (f Finding) is(o Finding) bool {
	if f.Beyond() {
		return slices.Equal(f.From, o.From)
	}
	return f.Obs == o.Obs || slices.Contains(f.All, o.Obs)
}

// add adds a finding.
func (r *Report) add(f Finding) {
	r.ByVerdict[f.Verdict]++
	if f.Beyond() {
		r.Beyond++
	}
	r.Findings = append(r.Findings, f)
}

// alone adds what a publication tells by itself; it is the verdict if all together tell
// nothing.
func (f *Finding) alone(r *Report, publication int, by Finding) {
	f.Alone = append(f.Alone, Alone{publication, by.Bounds})
	if !f.Fails() {
		r.ByVerdict[f.Verdict]--
		r.ByVerdict[by.Verdict]++
		f.Verdict, f.Bounds, f.Total = by.Verdict, by.Bounds, cmp.Or(f.Total, by.Total)
	}
}

// Wrong tells whether what can be told is none of the figures, by observation, whether of
// all publications or of one: what of them is not known might be it.
func (f Finding) Wrong(figures map[int64]float64) bool {
	for _, b := range append([]Alone{{Bounds: f.Bounds}}, f.Alone...) {
		if !b.wrong(f.All, figures) {
			return false
		}
	}
	return len(f.All) > 0
}

// wrong tells whether none of some figures is within bounds.
func (b Bounds) wrong(ids []int64, figures map[int64]float64) bool {
	for _, id := range ids {
		if v, known := figures[id]; !known || v > b.Lower-tiny && v < b.Upper+tiny {
			return false
		}
	}
	return true
}

// ToldBefore tells whether publications but the first, which is to come, tell the cell by
// themselves: one no less narrowly than all do, or rightly where all are wrong.
func (f Finding) ToldBefore(figures map[int64]float64) (told bool) {
	for _, a := range f.Alone {
		if a.Publication == 0 {
			return false
		}
		told = told || a.Lower >= f.Lower && a.Upper <= f.Upper || len(f.All) > 0 && f.Bounds.wrong(f.All, figures)
	}
	return told
}
