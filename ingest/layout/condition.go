package layout

import (
	"fmt"
	"regexp"
)

// Conditions are what the cells of a row must hold: heading → text, list of
// texts, or one of {blank: true}, {blank: false}, {not: [texts]}, {matches:
// regular expression}. All must hold; of a column that the file does not have, none
// does. Texts are compared after the same normalisation as names of countries
// are, and only an empty cell is a blank, not "-".
type Conditions map[string]any

// condition is one compiled entry of Conditions.
type condition struct {
	header string
	is     map[string]bool
	not    map[string]bool
	blank  *bool
	re     *regexp.Regexp
	col    int             // column in the sheet, from 1; 0: absent
	memo   map[string]bool // by raw text: rows repeat their labels
}

func (c Conditions) compile() ([]*condition, error) {
	var out []*condition
	for _, header := range sortedKeys(c) {
		want := c[header]
		one := &condition{header: header, memo: map[string]bool{}}
		set := func(v any) (map[string]bool, error) {
			m := map[string]bool{}
			list, ok := v.([]any)
			if !ok {
				list = []any{v}
			}
			for _, x := range list {
				switch x.(type) {
				case string, int64, uint64, int, float64, bool:
					m[key(fmt.Sprint(x))] = true
				default:
					return nil, fmt.Errorf("condition on %q: want a text or a list of texts, have %T", header, x)
				}
			}
			return m, nil
		}
		var err error
		switch w := want.(type) {
		case map[string]any:
			for _, k := range sortedKeys(w) {
				v := w[k]
				switch k {
				case "blank":
					b, ok := v.(bool)
					if !ok {
						return nil, fmt.Errorf("condition on %q: blank is true or false", header)
					}
					one.blank = &b
				case "not":
					one.not, err = set(v)
				case "matches":
					one.re, err = regexp.Compile(fmt.Sprint(v))
				default:
					return nil, fmt.Errorf("condition on %q: %q is none of blank, not, matches", header, k)
				}
				if err != nil {
					return nil, err
				}
			}
		default:
			if one.is, err = set(want); err != nil {
				return nil, err
			}
		}
		out = append(out, one)
	}
	return out, nil
}

// holds tells whether the text of the condition's cell meets it.
func (c *condition) holds(text string) bool {
	if v, ok := c.memo[text]; ok {
		return v
	}
	k := key(text)
	v := (c.blank == nil || (k == "") == *c.blank) && (c.not == nil || !c.not[k]) && (c.is == nil || c.is[k]) &&
		(c.re == nil || c.re.MatchString(text))
	if len(c.memo) < memoSize {
		c.memo[text] = v
	}
	return v
}
