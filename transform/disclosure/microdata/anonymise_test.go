package microdata

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// dotted is a hierarchy in the names of its codes: a.b.c stands below a.b.
func dotted(code string) (above []string) {
	for i := strings.LastIndex(code, "."); i > 0; i = strings.LastIndex(code, ".") {
		code = code[:i]
		above = append(above, code)
	}
	return above
}

// tabled makes axes and classes of rows whose codes are dotted.
func tabled(t testing.TB, rows [][]string, weights ...float64) ([]*hierarchy, []class) {
	t.Helper()
	var axes []*hierarchy
	for j := range rows[0] {
		var codes []string
		for _, r := range rows {
			codes = append(codes, r[j])
		}
		weight := 1.0
		if j < len(weights) {
			weight = weights[j]
		}
		axis, err := newHierarchy(codes, weight, dotted)
		if err != nil {
			t.Fatal(err)
		}
		axes = append(axes, axis)
	}
	var all []alike
	for _, r := range rows {
		all = append(all, alike{r, 1})
	}
	var classes []class
	for _, r := range merged(all) {
		c := class{n: r.n}
		for j, axis := range axes {
			c.codes = append(c.codes, axis.number[r.codes[j]])
		}
		classes = append(classes, c)
	}
	return axes, classes
}

// shown writes groups as n × codes, sorted.
func shown(axes []*hierarchy, groups []group) string {
	var out []string
	for _, g := range groups {
		line := fmt.Sprintf("%d", g.n)
		for j, axis := range axes {
			line += " " + axis.codes[g.codes[j]]
		}
		out = append(out, line)
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

func TestAnonymise(t *testing.T) {
	for name, c := range map[string]struct {
		k    int
		rows string // n × codes, a line each
		want string
	}{
		"common rows stand as they are":           {2, "2 F L.farm\n3 M S", "2 F L.farm\n3 M S"},
		"fewer than k give nothing":               {3, "1 F S\n1 M S", ""},
		"exactly k alike":                         {3, "3 F S", "3 F S"},
		"the code above is taken before any":      {3, "1 F L.farm\n1 F L.mine\n1 F L\n3 M S", "3 F L\n3 M S"},
		"what loses least: the first column":      {2, "1 F S\n1 M S\n2 F L\n2 M L", "2 F L\n2 M L\n2 c S"},
		"all differ":                              {4, "1 F S\n1 M L\n1 M S\n1 F L", "4 c c"},
		"a group is published as it can be":       {2, "1 F L.farm\n1 M L.farm", "2 c L.farm"},
		"the rest joins the nearest":              {2, "2 F S\n2 M L\n1 F L.farm", "2 M L\n3 F c"},
		"unknown is a code as any other":          {2, "2 _U S\n1 F S\n1 _U L", "2 _U S\n2 c c"},
		"a column of one code is left alone":      {2, "1 F S.a\n1 F S.b", "2 F S"},
		"one code alone, and nothing above helps": {2, "5 F S", "5 F S"},
	} {
		var rows [][]string
		for _, line := range strings.Split(c.rows, "\n") {
			f := strings.Fields(line)
			for range int(f[0][0] - '0') {
				rows = append(rows, f[1:])
			}
		}
		axes, classes := tabled(t, rows)
		groups, err := anonymise(t.Context(), axes, classes, c.k)
		if err != nil {
			t.Fatal(err)
		}
		if got := shown(axes, groups); got != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, c.want)
		}
	}
}

// holds checks what every result must have.
func holds(t testing.TB, axes []*hierarchy, classes []class, k int) []group {
	t.Helper()
	groups, err := anonymise(context.Background(), axes, classes, k)
	if err != nil {
		t.Fatal(err)
	}
	again, err := anonymise(context.Background(), axes, classes, k)
	if err != nil || shown(axes, again) != shown(axes, groups) {
		t.Fatalf("twice the same rows, and two results: %v", err)
	}
	total, placed := 0, 0
	for _, c := range classes {
		total += c.n
	}
	in := make([]int, len(classes))
	for _, g := range groups {
		n := 0
		for _, c := range g.classes {
			in[c]++
			n += classes[c].n
		}
		placed += n
		if n != g.n || g.n < k {
			t.Errorf("a group of %d says that it has %d; k is %d", n, g.n, k)
		}
		for j, axis := range axes {
			below := map[int32]bool{} // what of the group stands right below its code
			for _, c := range g.classes {
				code := classes[c].codes[j]
				if axis.join(code, g.codes[j]) != g.codes[j] {
					t.Errorf("%s is no generalisation of %s", axis.codes[g.codes[j]], axis.codes[code])
				}
				for code != g.codes[j] && axis.parent[code] != g.codes[j] {
					code = axis.parent[code]
				}
				below[code] = true
			}
			if len(below) < 2 && !below[g.codes[j]] {
				t.Errorf("%s hides one code alone", axis.codes[g.codes[j]])
			}
		}
	}
	for c, n := range in {
		if n > 1 || n == 0 && total >= k {
			t.Errorf("class %d stands in %d groups", c, n)
		}
	}
	if total >= k && placed != total || total < k && placed != 0 {
		t.Errorf("%d of %d rows are published; k is %d", placed, total, k)
	}
	return groups
}

// randomRows makes rows of few codes, with levels.
func randomRows(rng *rand.Rand, n int) (rows [][]string) {
	width := 1 + rng.IntN(4)
	codes := 1 + rng.IntN(6)
	for range n {
		var row []string
		for range width {
			a, b, c := rng.IntN(codes), rng.IntN(3), rng.IntN(2)
			row = append(row, []string{fmt.Sprint("x", a), fmt.Sprint("x", a, ".", b), fmt.Sprint("x", a, ".", b, ".", c), "_U"}[rng.IntN(4)])
		}
		rows = append(rows, row)
	}
	return rows
}

// TestRandom: whatever the rows, each is published once, as a generalisation of
// itself, k times or more with the same codes; no code above hides one alone.
func TestRandom(t *testing.T) {
	for seed := range uint64(1500) {
		rng := rand.New(rand.NewPCG(seed, 3))
		axes, classes := tabled(t, randomRows(rng, 1+rng.IntN(120)), rng.Float64()+0.1, rng.Float64()+0.1)
		holds(t, axes, classes, 2+rng.IntN(11))
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// FuzzAnonymise does the same with rows of any bytes.
func FuzzAnonymise(f *testing.F) {
	f.Add(uint8(2), []byte("\x01\x02\x01\x03\x01\x02"))
	f.Add(uint8(11), make([]byte, 40))
	f.Fuzz(func(t *testing.T, k uint8, data []byte) {
		var rows [][]string
		for ; len(data) >= 2 && len(rows) < 300; data = data[2:] {
			n := binary.LittleEndian.Uint16(data)
			rows = append(rows, []string{fmt.Sprint("a", n&3, ".", n>>2&7), fmt.Sprint("b", n>>5&15), fmt.Sprint("c", n>>9&3, ".", n>>11&3, ".", n>>13)})
		}
		if len(rows) == 0 {
			return
		}
		axes, classes := tabled(t, rows)
		holds(t, axes, classes, 2+int(k%20))
	})
}

// paid is the cost of groups.
func paid(axes []*hierarchy, classes []class, groups []group) (sum int64) {
	for _, g := range groups {
		for _, c := range g.classes {
			for j, axis := range axes {
				sum += int64(classes[c].n) * axis.cost(classes[c].codes[j], g.codes[j])
			}
		}
	}
	return sum
}

// TestCompleteSearch: in tiny inputs the loss is held against the least of all
// partitions of the rows.
func TestCompleteSearch(t *testing.T) {
	var ours, least int64
	same, tried := 0, 0
	for seed := range uint64(300) {
		rng := rand.New(rand.NewPCG(seed, 5))
		axes, classes := tabled(t, randomRows(rng, 4+rng.IntN(5)))
		k := 2 + rng.IntN(2)
		a, b := paid(axes, classes, holds(t, axes, classes, k)), leastOf(axes, classes, k)
		if a < b {
			t.Fatalf("seed %d: %d is less than the least, %d", seed, a, b)
		}
		if tried++; a == b {
			same++
		}
		ours, least = ours+a, least+b
	}
	t.Logf("of %d inputs %d lose no more than the complete search does; all together %.3f times as much", tried, same, float64(ours)/float64(least))
	if float64(ours) > 1.15*float64(least) {
		t.Errorf("%.3f times the loss of the complete search", float64(ours)/float64(least))
	}
}

// leastOf tries all partitions of the rows into groups of k and more.
func leastOf(axes []*hierarchy, classes []class, k int) int64 {
	var rows [][]int32
	for _, c := range classes {
		for range c.n {
			rows = append(rows, c.codes)
		}
	}
	least := int64(-1)
	var parts [][]int
	var put func(row int)
	put = func(row int) {
		if row < len(rows) {
			for i := range parts {
				parts[i] = append(parts[i], row)
				put(row + 1)
				parts[i] = parts[i][:len(parts[i])-1]
			}
			parts = append(parts, []int{row})
			put(row + 1)
			parts = parts[:len(parts)-1]
			return
		}
		sum := int64(0)
		for _, p := range parts {
			if len(p) < k {
				return
			}
			for j, axis := range axes {
				code := rows[p[0]][j]
				for _, r := range p[1:] {
					code = axis.join(code, rows[r][j])
				}
				for _, r := range p {
					sum += axis.cost(rows[r][j], code)
				}
			}
		}
		if least < 0 || sum < least {
			least = sum
		}
	}
	put(0)
	return least
}
