package table

import (
	"context"
	"fmt"
	"slices"
)

// DeriveSpec makes a figure from two: that of the select's row, and the other,
// whose obs_id (one, or a list of those to be added up) stands in the column
// OTHER. Bounds are carried through; what is not known stays unknown.
type DeriveSpec struct {
	// As says how: ratio (figure / other), share (figure / (figure + other)),
	// change ((figure - other) / other) or sum (figure + other).
	As    string  `yaml:"as"`
	Scale float64 `yaml:"scale"` // what it is multiplied by, such as 100 for a percentage; 1 when 0
}

const colOther = "OTHER"

func (s Spec) checkDerive() []error {
	d := s.Derive
	if d == nil {
		return nil
	}
	var errs []error
	if s.Kind != kindFigures {
		errs = append(errs, fmt.Errorf("derive: only a table of figures has it"))
	}
	if !slices.Contains([]string{"ratio", "share", "change", "sum"}, d.As) {
		errs = append(errs, fmt.Errorf("derive: as is %q; want ratio, share, change or sum", d.As))
	}
	if d.Scale < 0 || (d.Scale != 0 && d.As == "sum") {
		errs = append(errs, fmt.Errorf("derive: scale is %v", d.Scale))
	}
	if s.Total != nil && d.As != "sum" {
		errs = append(errs, fmt.Errorf("derive: a %s is never added up; leave out total", d.As))
	}
	return errs
}

// derive puts the derived figure into each observation, and the two that it
// is made from behind it. The grade is the worse of the two.
func (b *builder) derive(ctx context.Context, obs []observation) error {
	d := b.spec.Derive
	if d == nil {
		return nil
	}
	var ids []int64
	for _, o := range obs {
		ids = append(append(ids, o.id), o.other...)
	}
	byID, err := b.byID(ctx, ids)
	if err != nil {
		return err
	}
	for i := range obs {
		o := &obs[i]
		parts, err := pick(byID, append([]int64{o.id}, o.other...)) // as the store has them: the select may have renamed the indicator
		if err != nil {
			return err
		}
		own, sum := parts[0], added(parts[1:])
		o.parts = parts
		o.grade, o.reasons = worst(o.parts)
		scale := d.Scale
		if scale == 0 {
			scale = 1
		}
		switch d.As {
		case "ratio":
			o.value = ratio(own.value, sum, scale, 0)
		case "change":
			o.value = ratio(own.value, sum, scale, -scale)
		case "share":
			o.value = share(own.value, sum, scale)
		case "sum":
			o.value = added(o.parts)
		}
	}
	return nil
}

// ratio gives x/y*scale+shift within its bounds.
func ratio(x, y quantity, scale, shift float64) quantity {
	xl, xu := x.bounds()
	yl, yu := y.bounds()
	if q, ok := undefined(x, y); ok {
		return q
	}
	if yl != nil && yu != nil && *yl == 0 && *yu == 0 {
		return quantity{status: "M"} // nothing to divide by: the ratio does not apply
	}
	var lower, upper *float64
	if xl != nil && yu != nil && *yu > 0 {
		lower = num(*xl / *yu * scale + shift)
	}
	if xu != nil && yl != nil && *yl > 0 {
		upper = num(*xu / *yl * scale + shift)
	}
	if lower != nil && upper == nil && *xl == 0 {
		lower = nil // "at least none" says nothing
	}
	return between(lower, upper)
}

// share gives the part that x is of x and y together.
func share(x, y quantity, scale float64) quantity {
	xl, xu := x.bounds()
	yl, yu := y.bounds()
	if q, ok := undefined(x, y); ok {
		return q
	}
	if xu != nil && yu != nil && *xu+*yu == 0 {
		return quantity{status: "M"}
	}
	lower, upper := num(0), num(scale)
	if xl != nil && yu != nil && *xl+*yu > 0 {
		lower = num(*xl / (*xl + *yu) * scale)
	}
	if xu != nil && yl != nil && *xu+*yl > 0 {
		upper = num(*xu / (*xu + *yl) * scale)
	}
	if *lower == 0 && *upper == scale { // any share at all
		return quantity{status: "O"}
	}
	return between(lower, upper)
}

// undefined tells whether one of two figures is missing, and why: withheld only
// where nothing else is missing, as in a sum.
func undefined(x, y quantity) (why quantity, missing bool) {
	for _, q := range []quantity{x, y} {
		lower, upper := q.bounds()
		if lower != nil || upper != nil {
			continue
		}
		if !missing || why.status == "Q" {
			why.status = q.status
		}
		missing = true
	}
	return why, missing
}

// added adds figures up, bounds included. A part that is not known leaves the
// upper end open; nothing but such parts is no figure. A sum of which nothing is
// known is what its parts are, as in the sums of the store (sum_status of
// transform/harmonize): withheld when only withheld parts are lacking, not
// available when others are too.
func added(obs []observation) quantity {
	if len(obs) == 0 {
		return quantity{status: "O"}
	}
	lower, upper, known := 0.0, num(0), false
	alike, lacking := true, "Q"
	for _, o := range obs {
		l, u := o.value.bounds()
		known = known || l != nil || u != nil
		alike = alike && o.value.status == obs[0].value.status
		if u == nil && o.value.status != "Q" {
			lacking = "O"
		}
		if l != nil {
			lower += *l
		}
		if u == nil {
			upper = nil
		} else if upper != nil {
			upper = num(*upper + *u)
		}
	}
	switch {
	case !known && alike:
		return quantity{status: obs[0].value.status}
	case !known || upper == nil && lower == 0:
		return quantity{status: lacking}
	}
	return between(&lower, upper)
}

func between(lower, upper *float64) quantity {
	q := quantity{lower: lower, upper: upper, status: "A"}
	if lower == nil && upper == nil {
		q.status = "O"
	}
	return q
}

// worst gives the worst grade of several observations and all their reasons.
// Those of a withheld one are left out: they may tell that it was reported within
// bounds.
func worst(obs []observation) (grade string, reasons []string) {
	for _, o := range obs {
		if o.value.withheld() {
			continue
		}
		grade = max(grade, o.grade)
		for _, r := range o.reasons {
			if !slices.Contains(reasons, r) {
				reasons = append(reasons, r)
			}
		}
	}
	return grade, reasons
}

func num(f float64) *float64 { return &f }
