package audit

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// set is a total and parts of it over one dimension.
type set struct {
	key   Key // of the total, in the layout that is looked at
	dim   int
	total *variable
	parts []*variable
	kind  kind
	all   bool // no part is missing, as far as the codes tell
	// beyond is what the total has beyond its parts, where one publication prints them all:
	// nobody printed it, and it is a count of persons as they are.
	beyond *variable
	one    bool // one publication prints total and parts
}

// kind says what an outsider takes a set for.
type kind string

// The kinds of sets.
const (
	Whole         kind = "sum"           // total = Σ parts
	Short         kind = "short"         // the parts do not reach the total: Σ parts ≤ total
	Partial       kind = "partial"       // parts are missing: Σ parts ≤ total
	Contradictory kind = "contradictory" // the parts exceed the total: nothing follows
)

// summed are the dimensions over which cells add up, time among them, the status of
// victims (those detected are the identified and the presumed), and indicators that make
// others.
var summed = append([]int{TimePeriod, VictimStatus, Indicator}, breakdowns...)

// summer finds the sets.
type summer struct {
	vs         *variables
	parents    map[int]map[string]string // by dimension: code to the code above it
	met        map[string]bool
	sets       []set
	finer      map[*variable]Bounds  // of margins: what their parts say
	covers     map[*variable][]cover // of margins
	remainders []remainder           // that are small

	protection float64
	wary       bool // what is not printed is not taken for none
	spared     bool // there is such
}

// sums finds all totals and their parts, publication by publication: cells of a
// revised release are not added to those of an older one.
func sums(vs *variables, o Options, wary bool) *summer {
	s := &summer{vs: vs, parents: map[int]map[string]string{Indicator: o.Wholes}, met: map[string]bool{}, finer: map[*variable]Bounds{}, covers: map[*variable][]cover{}, protection: o.Protection, wary: wary}
	for d, list := range map[int]string{Age: "CL_AGE", Exploitation: "CL_EXPLOITATION", VictimStatus: "CL_VICTIM_STATUS"} {
		s.parents[d] = map[string]string{}
		if l, ok := o.Codes.List(list); ok {
			for _, c := range l.Codes() {
				s.parents[d][c.ID] = c.Parent
			}
		}
	}
	for p := range vs.own {
		s.publication(p)
	}
	return s
}

// above gives the code that a code is a part of; none for a total.
func (s *summer) above(dim int, code string) (string, bool) {
	if dim == TimePeriod {
		m, ok := months(code)
		if !ok || m.to-m.from >= 12 || (m.to-1)/12 != m.from/12 {
			return "", false
		}
		return fmt.Sprintf("%04d", m.from/12), true
	}
	if dim == VictimStatus || dim == Indicator { // not all of them are parts of one total
		up := s.parents[dim][code]
		return up, up != ""
	}
	if code == total || code == "" {
		return "", false
	}
	return cmp.Or(s.parents[dim][code], total), true
}

// group is what a total's parts over one dimension hang on.
type group struct {
	key Key
	dim int
}

// publication finds the sets of which a publication prints a cell.
func (s *summer) publication(p int) {
	for _, seeds := range s.seeds(p) {
		s.cells(p, seeds)
	}
}

// seed is a cell under the key by which it is looked for; of none nothing is said.
type seed struct {
	key Key
	v   *variable
}

// source is whose figures add up: of one State, indicator, agency, unit and year, in one
// layout.
type source struct{ area, indicator, agency, unit, year, layout string }

func (k Key) source() source {
	return source{k[RefArea], k[Indicator], k[Agency], k[CountingUnit], year(k[TimePeriod]), k[Layout]}
}

// alike is what sources have in common whose cells may be added to each other's: all but
// the layout. What stands after its slash (domestic and cross-border, say) classifies the
// same persons in another way.
func (s source) alike() source {
	_, s.layout, _ = strings.Cut(s.layout, "/")
	return s
}

// seeds gives the cells of each layout, and with them what other layouts of the same
// agency tell that it does not: a total of one and parts of another tell the rest.
func (s *summer) seeds(p int) (all [][]seed) {
	keys := slices.SortedFunc(maps.Keys(s.vs.byKey), compareKeys)
	of := map[source]map[Key]*variable{}
	layouts := map[source][]string{} // by what they have alike
	for _, k := range keys {
		v, doubtful := s.vs.lookup(p, k)
		if !doubtful && !v.whole {
			continue
		}
		from := k.source()
		if of[from] == nil {
			of[from] = map[Key]*variable{}
			layouts[from.alike()] = append(layouts[from.alike()], from.layout)
		}
		of[from][k] = v // nil: nothing is said of what is told twice, nor of sets that hold it
	}
	byLayout, taken := map[string][]seed{}, map[Key]bool{}
	for _, k := range keys {
		from := k.source()
		own, ok := of[from][k]
		if !ok {
			continue
		}
		for _, layout := range layouts[from.alike()] {
			here := k.with(Layout, layout)
			if layout != k[Layout] {
				_, told := of[here.source()][here]
				if told || own == nil || taken[here] { // by itself, or by a third
					continue
				}
				taken[here] = true
			}
			byLayout[layout] = append(byLayout[layout], seed{here, own})
		}
	}
	for _, layout := range slices.Sorted(maps.Keys(byLayout)) {
		all = append(all, byLayout[layout])
	}
	return all
}

// cells finds the sets of cells. Margins that nobody printed are made where they could
// join cells.
func (s *summer) cells(p int, seeds []seed) {
	var sets []set
	cells := map[Key]*variable{}
	children := map[group][]Key{}
	var queue []Key
	take := func(k Key, v *variable) {
		cells[k] = v
		queue = append(queue, k)
	}
	several := map[source]map[string]bool{} // what each tells of them
	for _, x := range seeds {
		take(x.key, x.v)
		for _, d := range []int{VictimStatus, Indicator} {
			from := s.joining(d, x.key)
			if several[from] == nil {
				several[from] = map[string]bool{}
			}
			several[from][x.key[d]] = true
		}
	}
	slices.SortFunc(queue, compareKeys)
	for i := 0; i < len(queue); i++ {
		k := queue[i]
		for _, d := range summed {
			code, ok := s.above(d, k[d])
			if !ok || (d == VictimStatus || d == Indicator) && len(several[s.joining(d, k)]) < 2 { // else nothing is joined
				continue
			}
			up := k.with(d, code)
			if _, ok := cells[up]; !ok {
				take(up, s.vs.margin(p, up))
			}
			children[group{up, d}] = append(children[group{up, d}], k)
		}
	}
	absent := s.absent(p, cells, children)
	deep := map[Key]int{}
	for g := range children {
		deep[g.key] = s.deep(g.key)
	}
	groups := slices.SortedFunc(maps.Keys(children), func(a, b group) int {
		return cmp.Or(cmp.Compare(deep[b.key], deep[a.key]), compareGroups(a, b)) // finest first: margins are made of them
	})
	for _, g := range groups {
		slices.SortFunc(children[g], compareKeys)
		sets = append(sets, s.group(p, g, children[g], cells, absent)...)
	}
	for range passes {
		for _, st := range sets {
			s.subtract(p, st)
		}
	}
	if !s.wary { // it looks at what is printed alone
		s.cross(p, cells)
	}
}

// joining is where status of victims, or indicators, could be joined.
func (s *summer) joining(dim int, k Key) source {
	from := k.source()
	if dim == Indicator {
		from.indicator = "of " + cmp.Or(s.parents[Indicator][k[Indicator]], k[Indicator])
	}
	return from
}

// deep counts the steps from a key up to the total of all.
func (s *summer) deep(k Key) int {
	n := 0
	for _, d := range summed {
		for code, ok := s.above(d, k[d]); ok; code, ok = s.above(d, code) {
			n++
		}
	}
	return n
}

func compareKeys(a, b Key) int { return slices.Compare(a[:], b[:]) }

// group makes the sets of one total over one dimension; where parts are absent, of those
// that are not, and of all.
func (s *summer) group(p int, g group, children []Key, cells map[Key]*variable, absent map[Key]bool) (list []set) {
	here := slices.DeleteFunc(slices.Clone(children), func(k Key) bool { return absent[k] })
	if len(here) < len(children) {
		list = s.together(p, g, here, cells, false)
	}
	return append(list, s.together(p, g, children, cells, true)...)
}

func (s *summer) together(p int, g group, children []Key, cells map[Key]*variable, whole bool) (list []set) {
	top := cells[g.key]
	if top == nil {
		return nil
	}
	var codes []string
	for _, k := range children {
		if cells[k] == nil {
			return nil
		}
		codes = append(codes, k[g.dim])
	}
	ways, complete := s.ways(g, codes)
	for _, way := range ways {
		st := set{key: g.key, dim: g.dim, total: top, all: complete && whole}
		printed := !top.margin && top.pub == p
		st.one = s.prints(p, top)
		for _, i := range way {
			v := cells[children[i]]
			st.parts = append(st.parts, v)
			st.one = st.one && s.prints(p, v)
			printed = printed || s.prints(p, v) || v.margin && v.pub == p
		}
		if printed && len(st.parts) > 0 {
			s.add(st)
			list = append(list, st)
		}
	}
	return list
}

// unknown is the code of those of whom it is not known.
const unknown = "_U"

// ways gives the parts that add up to a total, as positions in codes, each way of
// several apart. Where the parts are not all there, complete is false.
func (s *summer) ways(g group, codes []string) (ways [][]int, complete bool) {
	all := make([]int, len(codes))
	for i := range codes {
		all[i] = i
	}
	var spans []span
	var of span
	read := ages
	switch {
	case len(codes) == 1 && codes[0] == unknown: // who is of unknown sex is of unknown age
		return [][]int{all}, true
	case g.dim == Age && g.key[Age] == total:
		return [][]int{all}, slices.Contains(codes, "Y0T17") && slices.Contains(codes, "Y_GE18")
	case g.dim == Sex:
		return [][]int{all}, slices.Contains(codes, "F") && slices.Contains(codes, "M")
	case g.dim == Age:
		of, _ = ages(g.key[Age])
	case g.dim == TimePeriod:
		of, _ = months(g.key[TimePeriod])
		read = months
	default:
		return [][]int{all}, len(codes) > 1
	}
	for _, c := range codes {
		sp, ok := read(c)
		if !ok {
			sp = span{-1, -1}
		}
		spans = append(spans, sp)
	}
	return tilings(of, spans)
}

// bounds are what is known of a cell: printed, or of a margin by its parts.
func (s *summer) bounds(v *variable) Bounds {
	if b, ok := s.finer[v]; ok {
		return b
	}
	return Bounds{v.lower, v.upper}
}

// add decides what a set is taken for.
func (s *summer) add(st set) {
	var name strings.Builder
	fmt.Fprint(&name, st.total.n)
	lower, upper := 0.0, 0.0
	for _, v := range st.parts {
		fmt.Fprint(&name, " ", v.n)
		b := s.bounds(v)
		lower += b.Lower
		upper += b.Upper
	}
	if s.met[name.String()] {
		return
	}
	s.met[name.String()] = true
	t := s.bounds(st.total)
	switch {
	case lower > t.Upper:
		st.kind = Contradictory
	case !st.all:
		st.kind = Partial
	case upper < t.Lower:
		st.kind = Short
	default:
		st.kind = Whole
	}
	if st.total.margin && st.kind != Contradictory {
		t.Lower = max(t.Lower, lower)
		if st.kind == Whole {
			t.Upper = min(t.Upper, upper)
		}
		s.finer[st.total] = t
	}
	if st.one && (st.kind == Short || st.kind == Partial) && t.Lower-upper <= s.protection {
		st.beyond = s.vs.margin(st.total.pub, st.total.key.with(st.dim, Beyond))
		st.beyond.beyond = append([]*variable{st.total}, st.parts...)
	}
	s.sets = append(s.sets, st)
}

// Beyond stands in a key, in place of a code, for what a total has beyond its parts.
const Beyond = "…"

func (s *summer) prints(p int, v *variable) bool { return s.vs.in[p][v] }

// margin makes the variable of a total that nobody printed.
func (vs *variables) margin(p int, k Key) *variable {
	v := &variable{n: len(vs.all), key: k, whole: true, margin: true, pub: p}
	v.lower, v.upper = NoBounds()
	vs.all = append(vs.all, v)
	return v
}
