package audit

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/oas/tipstat/transform/codelist"
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
	sets := sums(vs, Options{Codes: set, Protection: Protection}, false).sets
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

// TestSameReport: the same tables give the same report, byte for byte.
func TestSameReport(t *testing.T) {
	set := codes(t)
	write := func() string {
		rng := rand.New(rand.NewPCG(7, 4))
		p := Published{Name: "table.csv"}
		for i, axes := range [][]axis{{flat(Sex, "F", "M"), flat(Age, "Y0T17", "Y_GE18"), hierarchy()}, {hierarchy(), flat(Citizenship, "BRA", "COL", "HND")}} {
			table := randomTable{axes: axes}
			table.fill(rng, 6, 0.4, 0.3, baseKey().with(TimePeriod, []string{"2023", "2024"}[i]))
			table.publish(&p)
		}
		_, r := bounds(t, set, p)
		var b bytes.Buffer
		if err := errors.Join(r.WriteText(&b, "fr", 9, true), r.WriteCSV(&b), json.NewEncoder(&b).Encode(r.Document())); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	first := write()
	for range 3 {
		if again := write(); again != first {
			t.Fatalf("two reports of one table:\n%s\n%s", first, again)
		}
	}
}
