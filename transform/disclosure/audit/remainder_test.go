package audit

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/transform/record"
)

// figure is what one place says of a cell: exactly, "at least", or nothing.
type figure struct {
	sex, age, exploitation string
	value                  float64
	least, hidden          bool
}

// printed makes cells of a layout; obs counts on from first.
func printed(layout string, first int64, figures ...figure) (cells []Cell) {
	for i, f := range figures {
		k := baseKey().with(Layout, layout)
		for d, code := range map[int]string{Sex: f.sex, Age: f.age, Exploitation: f.exploitation} {
			if code != "" {
				k = k.with(d, code)
			}
		}
		c := Cell{Key: k, Obs: first + int64(i), Whole: true, Lower: f.value, Upper: f.value, Place: record.Place{File: layout, Cell: fmt.Sprint("B", i+1)}}
		if _, most := NoBounds(); f.least || f.hidden {
			c.Upper, c.Hidden = most, f.hidden
		}
		cells = append(cells, c)
	}
	return cells
}

// TestRemainders: what follows by subtraction of a count that nobody printed is found,
// whatever else is printed, once; and by which observations.
func TestRemainders(t *testing.T) {
	all := figure{value: 64}
	boxes := []figure{{value: 60}, {sex: "F", value: 40}, {age: "Y_GE18", value: 50}, {sex: "F", age: "Y_GE18", value: 33}}
	for name, tt := range map[string]struct {
		cells []Cell
		want  []string
	}{
		"neither women nor adults":         {printed("l", 1, boxes...), []string{"3 from [1 2 3 4]"}},
		"whatever is printed of adult men": {printed("l", 1, append(boxes[:4:4], figure{sex: "M", age: "Y_GE18", value: 10})...), []string{"3 from [1 2 3 4]"}},
		"whatever is printed of forms": {printed("l", 1, append(boxes[:4:4], figure{sex: "M", exploitation: "LABOUR", value: 12}, figure{age: "Y0T17", exploitation: "SEXUAL", value: 5})...),
			[]string{"3 from [1 2 3 4]"}},
		"girls, women and boys": {printed("l", 1, all, figure{sex: "F", age: "Y0T17", value: 30}, figure{sex: "F", age: "Y_GE18", value: 12}, figure{sex: "M", age: "Y0T17", value: 20}),
			[]string{"2 from [1 2 3 4]"}},
		"of sums by sex and by age the larger is all": {printed("l", 1, figure{sex: "F", value: 41}, figure{sex: "M", value: 11}, figure{age: "Y0T17", value: 10}, figure{age: "Y_GE18", value: 44}),
			[]string{"2 from [1 2 3 4]"}},
		"what is less than the least is not all": {printed("l", 1, figure{value: 60, least: true}, figure{sex: "F", value: 41}, figure{sex: "M", value: 13}, figure{age: "Y_GE18", value: 52}), nil},
		"the total in one form, parts in two":    {append(printed("a", 1, all, figure{sex: "F", value: 42}), printed("b", 3, figure{sex: "M", value: 20})...), []string{"2 from [1 2 3]"}},
		"the total in another table too": {append(printed("", 1, all), printed("l/FLOW", 1, all, figure{exploitation: "SEXUAL", value: 30}, figure{exploitation: "LABOUR", value: 32})...),
			[]string{"2 from [1 2 3]"}},
		"women of whom the boys, men and all tell": {printed("l", 1, figure{value: 168}, figure{sex: "M", value: 72}, figure{sex: "_U", value: 19}, figure{age: "Y_GE18", value: 113}, figure{sex: "F", age: "Y0T17", value: 6}, figure{sex: "M", age: "Y0T17", value: 31}),
			[]string{"1 from [1 2 3 4 5 6]"}},
		// The hidden cell tells of them.
		"what is hidden": {printed("l", 1, all, figure{sex: "F", value: 40}, figure{sex: "M", hidden: true}, figure{sex: "_U", hidden: true}), nil},
		"a large one":    {printed("l", 1, all, figure{sex: "F", value: 40}), nil},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := Run(t.Context(), []Published{{Name: "x", Cells: tt.cells}}, Options{Codes: codes(t)})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range r.Findings {
				if text := fmt.Sprintf("%v from %v", f.Lower, f.From); f.Beyond() && !slices.Contains(got, text) { // of each layout
					got = append(got, text)
				}
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("(-want +got)\n%s", d)
			}
		})
	}
}

// TestAbsent: parts that nobody printed tell hidden ones: to whoever takes what is printed
// for all that there is, and to whoever does not.
func TestAbsent(t *testing.T) {
	for name, tt := range map[string]struct {
		figures []figure
		want    Bounds
	}{
		"13 are adults; of 48 men 37 are boys": {[]figure{{age: "Y_GE18", value: 13}, {sex: "M", value: 48}, {sex: "M", age: "Y0T17", value: 37}, {sex: "F", age: "Y_GE18", hidden: true}}, Bounds{2, 2}},
		// Of unknown sex are 57 = 32 + 25, so none exploited for labour, and these are 33 - 8 =
		// 25 men. Of 27 men 2 are left, so of 5 for other forms 3 at least are women.
		"wary": {[]figure{
			{exploitation: "SEXUAL", sex: "F", hidden: true}, {exploitation: "SEXUAL", sex: "M", hidden: true}, {exploitation: "SEXUAL", sex: "_U", value: 32}, {exploitation: "SEXUAL", value: 84},
			{exploitation: "LABOUR", sex: "F", value: 8}, {exploitation: "LABOUR", value: 33},
			{exploitation: "OTHER", sex: "F", hidden: true}, {exploitation: "OTHER", sex: "M", hidden: true}, {exploitation: "OTHER", sex: "_U", value: 25}, {exploitation: "OTHER", value: 30},
			{sex: "M", value: 27}, {sex: "_U", value: 57}}, Bounds{3, 5}},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := Run(t.Context(), []Published{{Name: "x", Cells: printed("l", 1, tt.figures...)}}, Options{Codes: codes(t)})
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Findings) == 0 || r.Findings[0].Bounds != tt.want || !r.Findings[0].Fails() {
				t.Errorf("found %v, want %v", r.Findings, tt.want)
			}
		})
	}
}

// TestSolverFails: a solver that can't be made is an error, and no panic.
func TestSolverFails(t *testing.T) {
	cells := printed("l", 1, figure{value: 60}, figure{sex: "F", hidden: true}, figure{sex: "M", hidden: true}, figure{age: "Y0T17", hidden: true}, figure{age: "Y_GE18", hidden: true},
		figure{sex: "F", age: "Y0T17", hidden: true}, figure{sex: "M", age: "Y0T17", hidden: true}, figure{sex: "F", age: "Y_GE18", hidden: true}, figure{sex: "M", age: "Y_GE18", hidden: true})
	none := errors.New("no solver")
	_, err := Run(t.Context(), []Published{{Name: "x", Cells: cells}}, Options{Codes: codes(t), Solver: func(context.Context) (Solver, func() error, error) { return nil, nil, none }})
	if !errors.Is(err, none) {
		t.Errorf("%v", err)
	}
}
