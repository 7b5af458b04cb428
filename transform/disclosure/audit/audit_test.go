package audit

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/record"
)

// one is a solver for all tests: making the first takes seconds.
var one = sync.OnceValues(func() (Solver, error) {
	s, _, err := Highs(context.Background())
	return s, err
})

func shared(context.Context) (Solver, func() error, error) {
	s, err := one()
	return s, func() error { return nil }, err
}

// TestTwoDimensions: of tables of two dimensions the bounds are those of a
// complete search over all tables of whole numbers.
func TestTwoDimensions(t *testing.T) {
	set := codes(t)
	searched, cells, tight := 0, 0, 0
	for seed := range uint64(300) {
		rng := rand.New(rand.NewPCG(seed, 1))
		rows, columns := 2+rng.IntN(3), 2+rng.IntN(2)
		table := randomTable{axes: []axis{
			flat(Exploitation, []string{"SEXUAL", "LABOUR", "OTHER", "MULTIPLE"}[:rows]...),
			flat(Citizenship, []string{"BRA", "COL", "HND"}[:columns]...)}}
		table.fill(rng, 1+rng.IntN(6), 0.1+0.5*rng.Float64(), 0.4*rng.Float64(), baseKey())
		least, most, ok := table.enumerate()
		if !ok {
			continue
		}
		searched++
		p := Published{Name: "table.csv"}
		table.publish(&p)
		got, r := bounds(t, set, p)
		if r.Weakened+r.Dropped > 0 {
			t.Fatalf("seed %d: constraints gave way in a table that has a solution: %+v", seed, r)
		}
		for i, c := range table.cells {
			if !c.hidden {
				continue
			}
			cells++
			want := Bounds{float64(least[i]), float64(most[i])}
			if got[c.key] != want {
				t.Errorf("seed %d: %s is %d: told %v–%v, bounds %v, by search %v", seed, c.key, c.value, c.lo, c.hi, got[c.key], want)
			}
			if want.Lower == want.Upper {
				tight++
			}
		}
	}
	if searched < 200 || tight < 100 {
		t.Errorf("only %d tables searched, %d cells, %d of them exact", searched, cells, tight)
	}
}

// TestManyDimensions: of tables of three and four dimensions, hierarchies and
// linked tables the bounds hold all that a complete search finds, and are those
// of plain linear programming without any short cut.
func TestManyDimensions(t *testing.T) {
	set := codes(t)
	sexes, forms, citizens := flat(Sex, "F", "M"), flat(Exploitation, "SEXUAL", "LABOUR"), flat(Citizenship, "BRA", "COL")
	ages := flat(Age, "Y0T17", "Y_GE18")
	for name, shapes := range map[string][][]axis{
		"hierarchy":  {{hierarchy(), sexes}},
		"three":      {{sexes, forms, citizens}},
		"four":       {{sexes, ages, forms, citizens}},
		"linked":     {{forms, sexes}, {forms, citizens}},
		"linked-age": {{forms, sexes, ages}, {hierarchy(), citizens}},
	} {
		t.Run(name, func(t *testing.T) {
			searched := 0
			for seed := range uint64(80) {
				rng := rand.New(rand.NewPCG(seed, 2))
				hide, censor := 0.1+0.4*rng.Float64(), 0.4*rng.Float64()
				p := Published{Name: "table.csv"}
				var tables []randomTable
				for i, axes := range shapes {
					table := randomTable{axes: axes}
					if i > 0 {
						table.finest = like(rng, tables[0], axes)
					}
					table.fill(rng, 1+rng.IntN(4), hide, censor, baseKey())
					tables = append(tables, table)
				}
				agree(tables)
				for i := range tables {
					tables[i].publish(&p)
				}
				got, r := bounds(t, set, p)
				if r.Weakened+r.Dropped > 0 {
					t.Fatalf("seed %d: constraints gave way: %+v", seed, r)
				}
				plain := plainBounds(t, set, p)
				for k, b := range got {
					if w, ok := plain[k]; ok && (math.Abs(w.Lower-b.Lower) > tiny || math.Abs(w.Upper-b.Upper) > tiny) {
						t.Errorf("seed %d: %s: bounds %v, without short cuts %v", seed, k, b, w)
					}
				}
				for _, table := range tables {
					for _, c := range table.cells {
						if b, ok := got[c.key]; ok && (float64(c.value) < b.Lower || float64(c.value) > b.Upper) {
							t.Errorf("seed %d: %s is %d and the bounds are %v", seed, c.key, c.value, b)
						}
					}
				}
				if len(tables) > 1 {
					continue // a search of one table alone does not see the other
				}
				least, most, ok := tables[0].enumerate()
				if !ok {
					continue
				}
				searched++
				for i, c := range tables[0].cells {
					if b := got[c.key]; c.hidden && (float64(least[i]) < b.Lower || float64(most[i]) > b.Upper) {
						t.Errorf("seed %d: %s: bounds %v, by search %d–%d", seed, c.key, b, least[i], most[i])
					}
				}
			}
			if len(shapes) == 1 && searched < 20 {
				t.Errorf("only %d tables searched", searched)
			}
		})
	}
}

// like makes the figures of a linked table: it has the first axis in common with
// another, with the same sums.
func like(rng *rand.Rand, of randomTable, axes []axis) []int {
	sums := map[string]int{}
	first := of.axes[0]
	each := len(of.finest) / len(first.finest)
	for i, v := range of.finest {
		sums[first.finest[i/each]] += v
	}
	width := 1
	for _, a := range axes[1:] {
		width *= len(a.finest)
	}
	out := make([]int, len(axes[0].finest)*width)
	for i, code := range axes[0].finest {
		n := sums[code]
		if code == "SEXUAL_PROSTITUTION" || code == "SEXUAL_NEC" {
			n = sums["SEXUAL"] / 2
			if code == "SEXUAL_NEC" {
				n = sums["SEXUAL"] - n
			}
		}
		for range n {
			out[i*width+rng.IntN(width)]++
		}
	}
	return out
}

// agree lets a cell that two tables share be hidden in both or in none.
func agree(tables []randomTable) {
	met := map[Key]randomCell{}
	for _, t := range tables {
		for i, c := range t.cells {
			if o, ok := met[c.key]; ok {
				t.cells[i].lo, t.cells[i].hi, t.cells[i].hidden = o.lo, o.hi, o.hidden
			} else {
				met[c.key] = c
			}
		}
	}
}

// plainBounds solves two linear programmes for each hidden cell, and nothing else.
func plainBounds(t *testing.T, set *codelist.Set, pubs ...Published) map[Key]Bounds {
	t.Helper()
	vs := gather(pubs)
	sets := sums(vs, set)
	sys, _ := newSystem(vs, sets, pubs)
	s := &solving{system: sys, sets: sets, plain: true, wanted: func(v int) bool { return sys.vars[v].hidden }, solver: one}
	if err := s.all(t.Context()); err != nil {
		t.Fatal(err)
	}
	out := map[Key]Bounds{}
	for _, v := range sys.vars {
		if v.hidden {
			out[v.key] = Bounds{s.lo[v.n], s.hi[v.n]}
		}
	}
	return out
}

// TestContradictions: tables that contradict themselves neither end the audit nor
// turn bounds around, whatever they say.
func TestContradictions(t *testing.T) {
	set := codes(t)
	gaveWay := 0
	for seed := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, 3))
		table := randomTable{axes: []axis{flat(Sex, "F", "M"), flat(Age, "Y0T17", "Y_GE18"), flat(Exploitation, "SEXUAL", "LABOUR")}}
		table.fill(rng, 6, 0.3, 0.3, baseKey())
		for i := range table.cells {
			if c := &table.cells[i]; !c.hidden && rng.IntN(4) == 0 {
				c.lo += float64(rng.IntN(4))
				c.hi = c.lo
			}
		}
		p := Published{Name: "table.csv"}
		table.publish(&p)
		_, r := bounds(t, set, p)
		for _, f := range r.Findings {
			if f.Lower > f.Upper || f.Lower < f.Told.Lower || f.Upper > f.Told.Upper {
				t.Errorf("seed %d: %s: told %v, bounds %v", seed, f.Key, f.Told, f.Bounds)
			}
		}
		gaveWay += min(1, r.Weakened+r.Dropped)
	}
	if gaveWay < 20 {
		t.Errorf("constraints gave way in %d tables only", gaveWay)
	}
}

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
		"subtraction":        {figures: map[string]string{"T,T": "12", "F,T": "10", "M,T": "<5"}, want: map[string]string{"SEX=M": "2–2 exact"}},
		"two hidden":         {figures: map[string]string{"T,T": "12", "F,T": "?", "M,T": "?"}, want: map[string]string{"SEX=F": "0–12 safe", "SEX=M": "0–12 safe"}},
		"two hidden, narrow": {figures: map[string]string{"T,T": "4", "F,T": "?", "M,T": "?"}, want: map[string]string{"SEX=F": "0–4 narrowed", "SEX=M": "0–4 narrowed"}},
		"a zero total":       {figures: map[string]string{"T,T": "0", "F,T": "?", "M,T": "?"}, want: map[string]string{"SEX=F": "0–0 exact", "SEX=M": "0–0 exact"}},
		"women alone":        {figures: map[string]string{"T,T": "3", "F,T": "<5"}, want: map[string]string{"SEX=F": "0–3 narrowed"}},
		"parts too small":    {figures: map[string]string{"T,T": "30", "F,T": "10", "M,T": "<5"}, want: map[string]string{"SEX=M": "0–4 safe"}},
		"parts too large":    {figures: map[string]string{"T,T": "9", "F,T": "10", "M,T": "<5"}, want: map[string]string{"SEX=M": "0–4 safe"}},
		"unknown is a part":  {figures: map[string]string{"T,T": "12", "F,T": "5", "M,T": "5", "U,T": "?"}, want: map[string]string{"SEX=_U": "2–2 exact"}},
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
		if !slices.Contains([]string{"exact", "narrowed", "safe"}, key) && !strings.Contains(string(source), `"`+key+`"`) {
			t.Errorf("%s is not used", key)
		}
	}
}
