package microdata

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"golang.org/x/text/language"

	"github.com/oas/tipstat/transform/codelist"
)

// chain gives for a column what stands above a code by the steps of the policy,
// nearest first.
func chain(set *codelist.Set, c Column) (func(code string) []string, error) {
	id, err := listOf(c.Column)
	if err != nil {
		return nil, err
	}
	list, _ := set.List(id)
	return func(code string) (above []string) {
		for _, step := range c.Steps {
			var next []string
			switch step {
			case stepList:
				next = parents(list, code)
			case stepSubregion, stepRegion:
				next = regionOf(code, step)
			default:
				next = yearsOf(code, step)
			}
			for _, n := range next {
				if n != code && !slices.Contains(above, n) {
					above = append(above, n)
				}
			}
		}
		return above
	}, nil
}

// parents are the codes above one in its list.
func parents(list *codelist.List, code string) (above []string) {
	for {
		c, ok := list.Code(code)
		if !ok || c.Parent == "" || slices.Contains(above, c.Parent) {
			return above
		}
		code = c.Parent
		above = append(above, code)
	}
}

// The regions of UN M49: the continents, and the smallest, which divide them.
var (
	continents = []string{"002", "009", "019", "142", "150"}
	subregions = []string{"005", "011", "013", "014", "015", "017", "018", "021", "029", "030", "034", "035", "039", "053", "054", "057", "061",
		"143", "145", "151", "154", "155"}
)

var m49 = regexp.MustCompile(`^\d{3}$`)

// regionOf is the region of UN M49 in which an area lies, as CLDR has it. What
// is no place (stateless, unknown) lies in none, and a region in no subregion.
func regionOf(code, step string) []string {
	area, ok := region(code)
	regions := subregions
	if step == stepRegion {
		regions = continents
	}
	if !ok || step == stepSubregion && m49.MatchString(code) {
		return nil
	}
	for _, id := range regions {
		if r, ok := region(id); ok && r.Contains(area) {
			return []string{id}
		}
	}
	return nil
}

// region is the region of CLDR under a code of CL_AREA.
func region(code string) (language.Region, bool) {
	if code == "XKX" {
		code = "XK"
	}
	if len(code) < 2 || len(code) > 3 || code[0] == '_' {
		return language.Region{}, false
	}
	r, err := language.ParseRegion(code)
	return r, err == nil
}

// yearsOf is the run of years in which a year lies, counted from the year 0, as
// SDMX writes it: 2020-01-01/P5Y.
func yearsOf(code, step string) []string {
	year, err := strconv.Atoi(code)
	if err != nil {
		return nil
	}
	n, _ := strconv.Atoi(stepYears.FindStringSubmatch(step)[1]) // digits, by the expression
	return []string{fmt.Sprintf("%04d-01-01/%s", year-year%n, step)}
}

var timeSpan = regexp.MustCompile(`^(\d{4})(?:-01-01/P(\d+)Y)?$`)

// span gives the first and the last year of a period as it is published.
func span(code string) (from, to int, ok bool) {
	m := timeSpan.FindStringSubmatch(code)
	if m == nil {
		return 0, 0, false
	}
	from, _ = strconv.Atoi(m[1]) // digits, by the expression
	to = from
	if n, err := strconv.Atoi(m[2]); err == nil {
		to += n - 1
	}
	return from, to, true
}
