package microdata

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/oas/tipstat/transform/record"
)

// Policy is the key microdata of policy.yaml, which explains each part.
type Policy struct {
	K            int      `yaml:"k" json:"k"`
	Indicators   []string `yaml:"indicators" json:"indicators"`
	NarrowestAge int      `yaml:"narrowest_age" json:"narrowest_age"`
	Unit         []string `yaml:"unit" json:"unit"`
	Columns      []Column `yaml:"columns" json:"columns"`
	Sensitive    []string `yaml:"sensitive" json:"sensitive"`
}

// Column is one quasi-identifier, and how it is generalised.
type Column struct {
	Column string   `yaml:"column" json:"column"`
	Weight float64  `yaml:"weight" json:"weight"`
	Steps  []string `yaml:"steps" json:"steps"`
}

// Steps of generalisation.
const (
	stepList      = "list"      // the codes above, in the column's code list
	stepSubregion = "subregion" // the smallest region of UN M49
	stepRegion    = "region"    // the continent
)

// stepYears is so many years together: P5Y.
var stepYears = regexp.MustCompile(`^P([1-9]\d?)Y$`)

const (
	areaList = "CL_AREA"
	period   = "TIME_PERIOD"
	age      = "AGE"
)

// mostWays bounds the search: the levels of all columns, multiplied.
const mostWays = 100_000

// columns are those of case_row that may be published: what has a code list, and
// the year. LEGAL_ARTICLE is text of the file, and could say anything.
var columns = []string{"REF_AREA", "INDICATOR", "SEX", age, "EXPLOITATION", "CITIZENSHIP", "ORIGIN", "TRANSIT", "DESTINATION", period,
	"COUNTING_UNIT", "VICTIM_STATUS", "IDENTIFIED_BY", "COVERAGE", "SOURCE_AGENCY"}

// PolicyError says what is wrong in a policy. Its text is English; the format and its
// arguments are kept for who tells it in another language.
type PolicyError struct {
	Format string
	Args   []any
}

func (e *PolicyError) Error() string { return fmt.Sprintf(e.Format, e.Args...) }

func wrongf(format string, args ...any) error { return &PolicyError{format, args} }

// Check says what is wrong with a policy and what would be right.
func (p Policy) Check() error {
	if p.K < 2 {
		return wrongf("microdata: k is %d; want 2 or more (CTDC: 11)", p.K)
	}
	if p.NarrowestAge < 1 {
		return wrongf("microdata: narrowest_age is %d; want a number of years, 1 or more", p.NarrowestAge)
	}
	if len(p.Columns) == 0 {
		return wrongf("microdata: there are no columns; name one or more of %s", strings.Join(columns, " "))
	}
	seen := map[string]bool{}
	for _, id := range p.names() {
		if !slices.Contains(columns, id) {
			return wrongf("microdata: no column %q; want one of %s", id, strings.Join(columns, " "))
		}
		if seen[id] {
			return wrongf("microdata: the column %s is named twice; keep one of the two", id)
		}
		seen[id] = true
	}
	for _, id := range p.Sensitive {
		if !seen[id] {
			return wrongf("microdata: the sensitive column %q is not published; name it under columns, or not here", id)
		}
	}
	for _, c := range p.Columns {
		if err := c.check(); err != nil {
			return err
		}
	}
	return nil
}

func (c Column) check() error {
	if !(c.Weight > 0 && c.Weight <= 1000) {
		return wrongf("microdata: %s: weight is %v; want a number above 0, at most 1000", c.Column, c.Weight)
	}
	list, err := listOf(c.Column)
	if err != nil {
		return err
	}
	years := 1
	for i, s := range c.Steps {
		m := stepYears.FindStringSubmatch(s)
		switch {
		case s == stepList && list != "" && len(c.Steps) == 1:
		case s == stepSubregion && list == areaList && i == 0:
		case s == stepRegion && list == areaList && i == len(c.Steps)-1:
		case m != nil && c.Column == period:
			n, _ := strconv.Atoi(m[1]) // digits, by the expression
			if n <= years || n%years != 0 {
				return wrongf("microdata: %s: step %s after %d years; want a multiple of them", c.Column, s, years)
			}
			years = n
		default:
			return wrongf("microdata: %s: no step %q here; want list alone where the column has a code list, subregion before region where it has countries, years such as P5Y for %s", c.Column, s, period)
		}
	}
	return nil
}

// names are the columns in the order of publication: what is counted, then what
// is known of it.
func (p Policy) names() []string {
	names := slices.Clone(p.Unit)
	for _, c := range p.Columns {
		names = append(names, c.Column)
	}
	return names
}

// listOf is the code list of a column; empty if it has none.
func listOf(column string) (string, error) {
	component, err := componentOf(column)
	return component.Codelist, err
}

func componentOf(column string) (record.Component, error) {
	all, err := record.Structure()
	if err != nil {
		return record.Component{}, err
	}
	i := slices.IndexFunc(all, func(c record.Component) bool { return c.ID == column })
	if i < 0 {
		return record.Component{}, fmt.Errorf("the structure has no component %s", column)
	}
	return all[i], nil
}
