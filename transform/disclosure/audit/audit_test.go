package audit

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	_ "github.com/oas/tipstat/testdata/machinecode"
	"github.com/oas/tipstat/transform/record"
)

// small is a table by sex and age in words: "F,Y0T17=?" is suppressed, "<5" censored.
func small(figures map[string]string) Published {
	p := Published{Name: "small.csv"}
	var order []string
	for k := range figures {
		order = append(order, k)
	}
	slices.Sort(order)
	for i, k := range order {
		var sex, age, period string
		period = "2024"
		fmt.Sscanf(k, "%1s,%s", &sex, &age)
		c := Cell{Key: baseKey(), Whole: true, Place: record.Place{File: p.Name, Cell: fmt.Sprint("B", i+1)}}
		c.Key.Set("SEX", map[string]string{"T": total, "F": "F", "M": "M", "U": "_U", "O": "_O"}[sex])
		if months, ok := map[string]string{"Q1": "2024-Q1", "Q2": "2024-Q2", "S2": "2024-S2"}[age]; ok {
			age, period = "T", months
		}
		c.Key.Set("TIME_PERIOD", period)
		if age == "T" {
			age = total
		}
		c.Key.Set("AGE", age)
		switch v := figures[k]; v {
		case "?":
			c.Lower, c.Upper, c.Hidden = 0, math.Inf(1), true
		case "<5":
			c.Lower, c.Upper, c.Hidden = 0, 4, true
		default:
			fmt.Sscan(v, &c.Lower)
			c.Upper = c.Lower
		}
		p.Cells = append(p.Cells, c)
	}
	return p
}

func key(sex, age string) Key { return baseKey().with(Sex, sex).with(Age, age) }

func TestRun(t *testing.T) {
	inf := math.Inf(1)
	f, m, child, adult := key("F", total), key("M", total), key(total, "Y0T17"), key(total, "Y_GE18")
	for name, tc := range map[string]struct {
		figures   map[string]string
		relations []Relation
		want      map[string]string // key and bounds
	}{
		"subtraction":                  {figures: map[string]string{"T,T": "12", "F,T": "10", "M,T": "<5"}, want: map[string]string{"SEX=M": "2–2 exact"}},
		"two hidden":                   {figures: map[string]string{"T,T": "12", "F,T": "?", "M,T": "?"}, want: map[string]string{"SEX=F": "0–12 safe", "SEX=M": "0–12 safe"}},
		"two hidden, just wide enough": {figures: map[string]string{"T,T": "4", "F,T": "?", "M,T": "?"}, want: map[string]string{"SEX=F": "0–4 safe", "SEX=M": "0–4 safe"}},
		"two hidden, narrow":           {figures: map[string]string{"T,T": "3", "F,T": "?", "M,T": "?"}, want: map[string]string{"SEX=F": "0–3 narrowed", "SEX=M": "0–3 narrowed"}},
		"a zero total":                 {figures: map[string]string{"T,T": "0", "F,T": "?", "M,T": "?"}, want: map[string]string{"SEX=F": "0–0 exact", "SEX=M": "0–0 exact"}},
		"women alone":                  {figures: map[string]string{"T,T": "3", "F,T": "<5"}, want: map[string]string{"SEX=F": "0–3 narrowed"}},
		"parts too small":              {figures: map[string]string{"T,T": "30", "F,T": "10", "M,T": "<5"}, want: map[string]string{"SEX=M": "0–4 safe"}},
		"parts too large":              {figures: map[string]string{"T,T": "9", "F,T": "10", "M,T": "<5"}, want: map[string]string{"SEX=M": "0–4 safe"}},
		"unknown is a part":            {figures: map[string]string{"T,T": "12", "F,T": "5", "M,T": "5", "U,T": "?"}, want: map[string]string{"SEX=_U": "2–2 exact"}},
		"a margin not printed": {figures: map[string]string{"T,T": "20", "F,Y0T17": "3", "F,Y_GE18": "8", "M,Y0T17": "5", "M,Y_GE18": "?"},
			want: map[string]string{"SEX=M AGE=Y_GE18": "4–4 exact"}},
		"unknown sex of unknown age": {figures: map[string]string{"T,T": "20", "F,T": "8", "M,T": "?", "U,_U": "2"}, want: map[string]string{"SEX=M": "10–10 exact"}},
		"bands of a band": {figures: map[string]string{"T,Y0T17": "10", "T,Y0T5": "?", "T,Y6T11": "4", "T,Y12T17": "5"},
			want: map[string]string{"AGE=Y0T5": "1–1 exact"}},
		"bands with a gap": {figures: map[string]string{"T,Y0T17": "10", "T,Y0T5": "?", "T,Y12T17": "5"}, want: map[string]string{"AGE=Y0T5": "0–5 safe"}},
		"bands in two ways": {figures: map[string]string{"T,Y0T17": "10", "T,Y0T8": "?", "T,Y9T17": "4", "T,Y0T5": "?", "T,Y6T11": "3", "T,Y12T17": "4"},
			want: map[string]string{"AGE=Y0T5": "3–3 exact", "AGE=Y0T8": "6–6 exact"}},
		"quarters and a half": {figures: map[string]string{"T,T": "10", "T,Q1": "?", "T,Q2": "3", "T,S2": "6"}, want: map[string]string{"TIME_PERIOD=2024-Q1": "1–1 exact"}},
		"a share": {figures: map[string]string{"T,T": "9", "T,Y0T17": "?", "T,Y_GE18": "?"},
			relations: Share(Ref{Key: child}, []Ref{{Key: adult}}, 33.3, 33.3, 0.05, 100), want: map[string]string{"AGE=Y0T17": "3–3 exact", "AGE=Y_GE18": "6–6 exact"}},
		"a coarse share": {figures: map[string]string{"T,T": "300", "T,Y0T17": "?", "T,Y_GE18": "?"},
			relations: Share(Ref{Key: child}, []Ref{{Key: adult}}, 33, 33, 0.5, 100), want: map[string]string{"AGE=Y0T17": "98–100 narrowed", "AGE=Y_GE18": "200–202 narrowed"}},
		"a ratio": {figures: map[string]string{"F,T": "?", "M,T": "50"},
			relations: Ratio(Ref{Key: f}, []Ref{{Key: m}}, 14, 14, 0.05, 100, 0), want: map[string]string{"SEX=F": "7–7 exact"}},
		"a change": {figures: map[string]string{"F,T": "?", "M,T": "50"},
			relations: Ratio(Ref{Key: f}, []Ref{{Key: m}}, -86, -86, 0.05, 100, -100), want: map[string]string{"SEX=F": "7–7 exact"}},
		"a ratio at least": {figures: map[string]string{"F,T": "?", "M,T": "50"},
			relations: Ratio(Ref{Key: f}, []Ref{{Key: m}}, 14, inf, 0.05, 100, 0), want: map[string]string{"SEX=F": "7–∞ safe"}},
		"a sum of observations": {figures: map[string]string{"F,T": "?"},
			relations: []Relation{Sum([]Ref{{Key: f}, {Obs: 5}}, nil, 0, 3)}, want: map[string]string{"SEX=F": "0–3 narrowed"}},
		"a relation that contradicts": {figures: map[string]string{"F,T": "<5", "M,T": "50"},
			relations: Ratio(Ref{Key: f}, []Ref{{Key: m}}, 50, 50, 0.05, 100, 0), want: map[string]string{"SEX=F": "0–4 safe"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := small(tc.figures)
			p.Relations = tc.relations
			_, r := bounds(t, codes(t), p)
			got := map[string]string{}
			for _, f := range r.Findings {
				k := f.Key
				k[RefArea], k[Indicator], k[Agency] = "", "", ""
				if k[TimePeriod] == "2024" {
					k[TimePeriod] = ""
				}
				got[k.String()] = fmt.Sprintf("%s–%s %s", number(f.Lower), number(f.Upper), f.Verdict)
			}
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Errorf("(-want +got)\n%s", d)
			}
		})
	}
}

// TestSets: what sets are taken for, before any linear programme.
func TestSets(t *testing.T) {
	for name, tc := range map[string]struct {
		figures map[string]string
		want    SetCount
	}{
		"sum":           {map[string]string{"T,T": "12", "F,T": "10", "M,T": "<5"}, SetCount{Sums: 1, OneHidden: 1, Subtraction: 1}},
		"short":         {map[string]string{"T,T": "30", "F,T": "10", "M,T": "<5"}, SetCount{Short: 1, OneHidden: 1}},
		"contradictory": {map[string]string{"T,T": "9", "F,T": "10", "M,T": "<5"}, SetCount{Contradictory: 1, OneHidden: 1}},
		"partial":       {map[string]string{"T,T": "9", "F,T": "<5"}, SetCount{Partial: 1}},
		"two hidden":    {map[string]string{"T,T": "9", "F,T": "?", "M,T": "?"}, SetCount{Sums: 1}},
		"hidden total":  {map[string]string{"T,T": "?", "F,T": "5", "M,T": "<5"}, SetCount{Sums: 1}},
	} {
		_, r := bounds(t, codes(t), small(tc.figures))
		tc.want.Dimension = "SEX"
		if d := cmp.Diff([]SetCount{tc.want}, r.Sets); d != "" || r.Weakened+r.Dropped > 0 {
			t.Errorf("%s: %d gave way (-want +got)\n%s", name, r.Weakened+r.Dropped, d)
		}
	}
}

// TestTwoCodes: one observation that two tables print under codes of their own is a
// part of sums in both: what one table gives away of it, the other is solved with.
func TestTwoCodes(t *testing.T) {
	p := Published{Name: "p"}
	add := func(k Key, obs int64, figure float64) {
		c := Cell{Key: k, Obs: obs, Lower: figure, Upper: figure, Whole: true, Place: record.Place{File: k[Layout], Cell: fmt.Sprint("A", len(p.Cells)+1)}}
		if figure < 0 {
			c.Lower, c.Upper, c.Hidden = 0, math.Inf(1), true
		}
		p.Cells = append(p.Cells, c)
	}
	other := func(code string) Key { return baseKey().with(Layout, "/FLOW").with(Citizenship, code) }
	add(key("F", total), 1, -1)
	add(key("M", total), 2, 5)
	add(key(total, total), 3, -1)
	add(other(total), 3, -1) // the same total, under other codes
	add(other("DOMESTIC"), 4, 8)
	add(other("CROSS_BORDER"), 5, 4)
	_, r := bounds(t, codes(t), p)
	for _, f := range r.Findings {
		if want := map[int64]float64{1: 7, 3: 12}[f.Obs]; f.Lower != want || f.Upper != want {
			t.Errorf("observation %d: %v, want %v", f.Obs, f.Bounds, want)
		}
	}
	if len(r.Findings) != 2 {
		t.Errorf("%d hidden cells, want 2", len(r.Findings))
	}
}

// TestSameCell: what is one cell and what is not, in two releases.
func TestSameCell(t *testing.T) {
	cell := func(file string, obs int64, lower, upper float64) Cell {
		return Cell{Key: key("F", total), Obs: obs, Lower: lower, Upper: upper, Hidden: lower != upper, Whole: true, Place: record.Place{File: file, Cell: "A1"}}
	}
	inf := math.Inf(1)
	for name, tc := range map[string]struct {
		old, now []Cell
		want     []string
	}{
		"printed before":                     {old: []Cell{cell("o", 1, 3, 3)}, now: []Cell{cell("n", 1, 0, inf)}, want: []string{"3–3"}},
		"printed before, reported again":     {old: []Cell{cell("o", 1, 3, 3)}, now: []Cell{cell("n", 2, 0, inf)}, want: []string{"3–3"}},
		"revised":                            {old: []Cell{cell("o", 1, 30, 30)}, now: []Cell{cell("n", 2, 0, 4)}, want: []string{"0–4"}},
		"printed in another table":           {now: []Cell{cell("a", 1, 3, 3), cell("b", 1, 0, inf)}, want: []string{"3–3"}},
		"printed elsewhere without its id":   {now: []Cell{cell("a", 0, 3, 3), cell("b", 0, 0, inf)}, want: []string{"3–3"}},
		"two observations of the same codes": {now: []Cell{cell("a", 1, 3, 3), cell("a", 2, 0, inf)}, want: []string{"0–∞"}},
		"hidden in two ways":                 {now: []Cell{cell("a", 1, 0, inf), cell("b", 1, 0, 4)}, want: []string{"0–4"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, r := bounds(t, codes(t), Published{Name: "old", Cells: tc.old}, Published{Name: "now", Cells: tc.now})
			var got []string
			for _, f := range r.Findings {
				got = append(got, number(f.Lower)+"–"+number(f.Upper))
			}
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Errorf("(-want +got)\n%s", d)
			}
		})
	}
}

func TestTilings(t *testing.T) {
	for name, tc := range map[string]struct {
		of     span
		pieces []span
		want   [][]int
		whole  bool
	}{
		"whole":   {span{0, 18}, []span{{12, 18}, {0, 6}, {6, 12}}, [][]int{{1, 2, 0}}, true},
		"two":     {span{0, 18}, []span{{0, 9}, {9, 18}, {0, 6}, {6, 18}}, [][]int{{0, 1}, {2, 3}}, true},
		"gap":     {span{0, 18}, []span{{0, 6}, {12, 18}}, [][]int{{0, 1}}, false},
		"overlap": {span{0, 18}, []span{{0, 12}, {6, 18}}, [][]int{{0}}, false},
		"open":    {span{18, open}, []span{{18, 30}, {30, open}}, [][]int{{0, 1}}, true},
		"outside": {span{0, 18}, []span{{18, 30}}, nil, false},
		"none":    {span{0, 18}, nil, nil, false},
	} {
		ways, whole := tilings(tc.of, tc.pieces)
		if d := cmp.Diff(tc.want, ways); d != "" || whole != tc.whole {
			t.Errorf("%s: whole %v (-want +got)\n%s", name, whole, d)
		}
	}
	for code, want := range map[string]span{"2024": {24288, 24300}, "2024-01": {24288, 24289}, "2024-Q4": {24297, 24300}, "2024-S2": {24294, 24300},
		"2024-04-01/P1Y": {24291, 24303}, "2024-01-01/P9M": {24288, 24297}, "2024-13": {}, "24": {}, "": {}} {
		if got, ok := months(code); ok != (want != span{}) || ok && got != want {
			t.Errorf("%s: %v %v", code, got, ok)
		}
	}
	for code, want := range map[string]span{"Y0T17": {0, 18}, "Y_GE18": {18, open}, "_U": {}, "Y18": {}} {
		if got, ok := ages(code); ok != (want != span{}) || got != want {
			t.Errorf("%s: %v %v", code, got, ok)
		}
	}
}

// TestTexts: each text is there in the four languages, and is used.
func TestTexts(t *testing.T) {
	all, err := loadTexts()
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("write.go")
	if err != nil {
		t.Fatal(err)
	}
	for key, texts := range all {
		for _, lang := range record.Languages {
			if texts[lang] == "" {
				t.Errorf("%s has no text in %s", key, lang)
			}
		}
		if !slices.Contains([]Verdict{Exact, Narrowed, Safe, Mistaken, Before}, Verdict(key)) && !strings.Contains(string(source), `"`+key+`"`) {
			t.Errorf("%s is not used", key)
		}
	}
}
