package exchange

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// lacking finds what a form asks for and the store has no figure of: State by
// State, year by year. What is withheld was reported, and is told by itself.
func (e *Export) lacking() {
	slices.Sort(e.States)
	// A question by country is answered by any country; one of fixed categories by any of them, unless each is asked for.
	any := map[string]bool{}
	found, kept := map[string][]string{}, map[string]bool{}
	for key := range e.have {
		any[withoutCategory(key)] = true
	}
	for key, is := range e.kept {
		kept[withoutCategory(key)] = kept[withoutCategory(key)] || is
	}
	for _, key := range slices.Sorted(maps.Keys(e.read)) {
		k := withoutCategory(key)
		found[k] = append(found[k], e.read[key]...)
	}
	for _, area := range e.States {
		for year := e.From; year <= e.To; year++ {
			place := 0
			for _, q := range e.Form.Questions {
				for _, category := range e.categories(q) {
					for _, ask := range q.Asks {
						place++
						e.lacks(area, year, q, ask, category, any, kept, found, place)
					}
				}
			}
		}
	}
}

// categories are those that are asked for one by one.
func (e *Export) categories(q Question) []string {
	if !q.Each {
		return []string{""}
	}
	return slices.SortedFunc(maps.Keys(q.Categories), func(x, y string) int { return strings.Compare(q.Categories[x], q.Categories[y]) })
}

func (e *Export) lacks(area string, year int, q Question, ask, category string, any, kept map[string]bool, found map[string][]string, place int) {
	var there []string
	withheld := false
	for _, cell := range e.Form.Asks[ask].Cells {
		key := e.key(area, year, q.ID, category, cell)
		if e.have[key] || !q.Each && any[withoutCategory(key)] {
			return
		}
		there = append(there, e.read[key]...)
		withheld = withheld || e.kept[key] || !q.Each && kept[withoutCategory(key)]
		if !q.Each {
			there = append(there, found[withoutCategory(key)]...)
		}
	}
	slices.Sort(there)
	m := Missing{Area: area, State: e.label("CL_AREA", area), Year: year, Question: q.ID, Ask: ask, Found: strings.Join(slices.Compact(there), " ")}
	m.place, m.Label = place, q.Label[e.lang]
	if q.Each {
		m.Category = q.Categories[category]
		m.Label += ", " + e.label("CL_EXPLOITATION", category)
	}
	m.whole = m.Label
	e.parts[m.whole] = len(q.Asks)
	if len(q.Asks) > 1 {
		m.Label += ", " + e.Form.Asks[ask].Label[e.lang]
	}
	if withheld {
		e.Withheld = append(e.Withheld, m)
		return
	}
	e.Missing = append(e.Missing, m)
}

// withoutCategory drops the category from a key.
func withoutCategory(key string) string {
	parts := strings.Split(key, "|")
	parts[3] = ""
	return strings.Join(parts, "|")
}

// label names a code in the language of labels.
func (e *Export) label(list, code string) string {
	if l, ok := e.set.List(list); ok {
		if c, ok := l.Code(code); ok {
			return c.Name[e.lang]
		}
	}
	return code
}

// Gap is what one State lacks of one part of a question, over the years.
type Gap struct {
	State, Label string
	Years        string // 2019–2021, 2023
}

// Gaps gathers what is missing over years, for States that have any figure, told
// or withheld; silent are those that have none.
func (e *Export) Gaps() (gaps []Gap, silent []string) {
	with := map[string]bool{}
	for key := range e.have {
		area, _, _ := strings.Cut(key, "|")
		with[area] = true
	}
	for _, m := range e.Withheld {
		with[m.Area] = true
	}
	for _, s := range e.States {
		if !with[s] {
			silent = append(silent, e.label("CL_AREA", s))
		}
	}
	type part struct {
		area, whole, label string
		place              int
	}
	years := map[part][]int{}
	var order []part
	asks := map[string]int{} // how many parts a question of a State lacks
	for _, m := range e.Missing {
		k := part{m.Area, m.whole, m.Label, m.place}
		if !with[m.Area] {
			continue
		}
		if years[k] == nil {
			order = append(order, k)
			asks[m.Area+m.whole]++
		}
		years[k] = append(years[k], m.Year)
	}
	slices.SortStableFunc(order, func(x, y part) int { return cmp.Or(strings.Compare(x.area, y.area), x.place-y.place) })
	for i := 0; i < len(order); {
		k, n := order[i], asks[order[i].area+order[i].whole]
		same := n == e.parts[k.whole]
		for _, o := range order[i : i+n] {
			same = same && slices.Equal(years[o], years[k])
		}
		if same { // all parts of the question alike
			gaps = append(gaps, Gap{e.label("CL_AREA", k.area), k.whole, runs(years[k])})
		} else {
			for _, o := range order[i : i+n] {
				gaps = append(gaps, Gap{e.label("CL_AREA", o.area), o.label, runs(years[o])})
			}
		}
		i += n
	}
	return gaps, silent
}

// runs writes years, those in a row together.
func runs(years []int) string {
	var out []string
	for i := 0; i < len(years); {
		j := i
		for j+1 < len(years) && years[j+1] == years[j]+1 {
			j++
		}
		if i == j {
			out = append(out, fmt.Sprint(years[i]))
		} else {
			out = append(out, fmt.Sprintf("%d–%d", years[i], years[j]))
		}
		i = j + 1
	}
	return strings.Join(out, ", ")
}
