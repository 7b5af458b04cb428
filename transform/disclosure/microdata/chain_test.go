package microdata

import (
	"slices"
	"strings"
	"testing"
)

func TestChain(t *testing.T) {
	set := codes(t)
	for _, c := range []struct {
		column Column
		code   string
		want   string
	}{
		{Column{Column: age, Steps: []string{stepList}}, "Y12T17", "Y0T17"},
		{Column{Column: age, Steps: []string{stepList}}, "Y0T17", ""},
		{Column{Column: age, Steps: []string{stepList}}, "_U", ""},
		{Column{Column: "EXPLOITATION", Steps: []string{stepList}}, "DOMESTIC_SERVITUDE", "LABOUR"},
		{Column{Column: "SEX"}, "F", ""},
		{Column{Column: "REF_AREA", Steps: []string{stepSubregion}}, "CRI", "013"},
		{Column{Column: "CITIZENSHIP", Steps: []string{stepSubregion, stepRegion}}, "CHN", "030 142"},
		{Column{Column: "CITIZENSHIP", Steps: []string{stepRegion}}, "JAM", "019"},
		{Column{Column: "CITIZENSHIP", Steps: []string{stepSubregion, stepRegion}}, "029", "019"},
		{Column{Column: "CITIZENSHIP", Steps: []string{stepSubregion, stepRegion}}, "019", ""},
		{Column{Column: "CITIZENSHIP", Steps: []string{stepSubregion, stepRegion}}, "STATELESS", ""},
		{Column{Column: "CITIZENSHIP", Steps: []string{stepSubregion, stepRegion}}, "_O", ""},
		{Column{Column: "CITIZENSHIP", Steps: []string{stepSubregion, stepRegion}}, "XKX", "039 150"},
		{Column{Column: period, Steps: []string{"P5Y"}}, "2023", "2020-01-01/P5Y"},
		{Column{Column: period, Steps: []string{"P2Y", "P10Y"}}, "2019", "2018-01-01/P2Y 2010-01-01/P10Y"},
		{Column{Column: period, Steps: []string{"P5Y"}}, "_U", ""},
	} {
		above, err := chain(set, c.column)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(above(c.code), " "); got != c.want {
			t.Errorf("above %s by %v stands %q; want %q", c.code, c.column.Steps, got, c.want)
		}
	}
}

// TestStates: every member State, and nearly every country, lies in one subregion
// and one continent, and both are codes of the list.
func TestStates(t *testing.T) {
	set := codes(t)
	list, _ := set.List(areaList)
	for _, id := range slices.Concat(subregions, continents) {
		if _, ok := list.Code(id); !ok {
			t.Errorf("%s is not in %s", id, areaList)
		}
	}
	for _, g := range set.Groups() {
		sub, top := regionOf(g.RefArea, stepSubregion), regionOf(g.RefArea, stepRegion)
		if len(sub) != 1 || !slices.Equal(top, []string{"019"}) {
			t.Errorf("%s lies in %v and %v", g.RefArea, sub, top)
		}
	}
	none := 0
	for _, c := range list.Codes() {
		if strings.HasPrefix(c.Source, "ISO 3166-1") && regionOf(c.ID, stepSubregion) == nil {
			none++
		}
	}
	if none > 9 { // Antarctica and islands without inhabitants
		t.Errorf("%d countries lie in no subregion", none)
	}
}

func TestWider(t *testing.T) {
	set := codes(t)
	if got, err := wider(set, "Y16T17"); got != "Y0T17" || err != nil {
		t.Errorf("%s, %v", got, err)
	}
	if _, err := wider(set, "Y17"); err == nil || !strings.Contains(err.Error(), "Y17 has no band above it") {
		t.Errorf("an age without a band: %v", err)
	}
}

func TestSpan(t *testing.T) {
	for code, want := range map[string][2]int{"2022": {2022, 2022}, "2020-01-01/P5Y": {2020, 2024}} {
		if from, to, ok := span(code); !ok || from != want[0] || to != want[1] {
			t.Errorf("%s is %d to %d", code, from, to)
		}
	}
	for _, code := range []string{Withheld, "_U", "2020-07-01/P1Y"} {
		if _, _, ok := span(code); ok {
			t.Errorf("%s is years", code)
		}
	}
}

func TestPolicy(t *testing.T) {
	if err := testPolicy().Check(); err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string]func(*Policy){
		"k is 1":                       func(p *Policy) { p.K = 1 },
		"narrowest_age is 0":           func(p *Policy) { p.NarrowestAge = 0 },
		"there are no columns":         func(p *Policy) { p.Columns = nil },
		`no column "submission_id"`:    func(p *Policy) { p.Unit = []string{"submission_id"} },
		`no column "LEGAL_ARTICLE"`:    func(p *Policy) { p.Columns[0].Column = "LEGAL_ARTICLE" },
		"SEX is named twice":           func(p *Policy) { p.Unit = []string{"SEX"} },
		`column "ORIGIN" is not publ`:  func(p *Policy) { p.Sensitive = []string{"ORIGIN"} },
		"REF_AREA: weight is 0":        func(p *Policy) { p.Columns[0].Weight = 0 },
		`SEX: no step "subregion"`:     func(p *Policy) { p.Columns[2].Steps = []string{stepSubregion} },
		`TIME_PERIOD: no step "list"`:  func(p *Policy) { p.Columns[1].Steps = []string{stepList} },
		"P5Y after 2 years":            func(p *Policy) { p.Columns[1].Steps = []string{"P2Y", "P5Y"} },
		`CITIZENSHIP: no step "region`: func(p *Policy) { p.Columns[5].Steps = []string{stepRegion, stepSubregion} },
	} {
		p := testPolicy()
		change(&p)
		if err := p.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v; want %q", err, want)
		}
	}
	many := testPolicy()
	var axes []*hierarchy
	for range 11 {
		axis, err := newHierarchy([]string{"a.b.c", "d"}, 1, dotted)
		if err != nil {
			t.Fatal(err)
		}
		axes = append(axes, axis)
	}
	if _, err := anonymise(t.Context(), axes, []class{{make([]int32, 11), many.K}}, many.K); err == nil || !strings.Contains(err.Error(), "more than 100000 ways") {
		t.Errorf("a search without end: %v", err)
	}
}
