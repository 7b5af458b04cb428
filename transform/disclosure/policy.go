package disclosure

import (
	"cmp"
	"database/sql"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/disclosure/microdata"
	"github.com/oas/tipstat/transform/disclosure/rounding"
)

// Policy says what may not be published (policy.yaml explains each part).
type Policy struct {
	Control        Control             `yaml:"control"`
	Threshold      float64             `yaml:"threshold"`
	ThresholdCases float64             `yaml:"threshold_cases"`
	CrossedCases   int                 `yaml:"crossed_cases"`
	Revisions      string              `yaml:"revisions"`
	Records        map[string]float64  `yaml:"records"`
	States         map[string]float64  `yaml:"states"`
	Protection     float64             `yaml:"protection"`
	Group          float64             `yaml:"group"`
	Dominance      bool                `yaml:"dominance"`
	CountingUnits  []string            `yaml:"counting_units"`
	Free           []string            `yaml:"free"`
	Rates          map[string]string   `yaml:"rates"`
	Sums           map[string][]string `yaml:"sums"`
	Among          map[string]string   `yaml:"among"`
	TotalWeight    float64             `yaml:"total_weight"`
	Rounding       struct {
		Base int `yaml:"base"`
	} `yaml:"rounding"`
	Microdata microdata.Policy `yaml:"microdata"`
}

// Control is what is done to figures so that they can be published.
type Control string

// The controls.
const (
	Suppression        Control = "suppression"
	RandomRounding     Control = "random-rounding"
	ControlledRounding Control = "controlled-rounding"
	None               Control = "none"
)

// Controls are those that can be asked for.
var Controls = []Control{Suppression, RandomRounding, ControlledRounding, None}

// Rounds tells whether figures are rounded, and how.
func (c Control) Rounds() (m rounding.Method, ok bool) {
	m, ok = map[Control]rounding.Method{RandomRounding: rounding.Random, ControlledRounding: rounding.Controlled}[c]
	return m, ok
}

//go:embed policy.yaml
var policyYAML []byte

// PolicyFile is the name of a workspace's own policy.
const PolicyFile = "disclosure.yaml"

// LoadPolicy reads the policy that comes with tipstat, and over it that of a
// workspace (which may be nil, or have none).
func LoadPolicy(workspace fs.FS) (Policy, error) {
	var p Policy
	if err := yaml.UnmarshalWithOptions(policyYAML, &p, yaml.Strict()); err != nil {
		return p, fmt.Errorf("policy.yaml: %w", err)
	}
	if workspace == nil {
		return p, nil
	}
	b, err := fs.ReadFile(workspace, PolicyFile)
	if errors.Is(err, fs.ErrNotExist) {
		return p, nil
	}
	if info, bad := fs.Stat(workspace, PolicyFile); bad == nil && info.IsDir() {
		return p, wrongf("it is a folder; want a file of YAML, or nothing of that name")
	}
	if err != nil {
		return p, err
	}
	var named map[string]any
	if err := yaml.Unmarshal(b, &named); err == nil && len(named) == 0 {
		return p, nil // an empty file, or one of comments, would be read as a policy of zeros
	}
	own := p
	own.Records, own.States, own.Rates, own.Among = nil, nil, nil, nil
	if err := yaml.UnmarshalWithOptions(b, &own, yaml.Strict()); err != nil {
		return p, wanted(err)
	}
	own.Records, own.States = merged(p.Records, own.Records), merged(p.States, own.States)
	own.Rates, own.Among = merged(p.Rates, own.Rates), merged(p.Among, own.Among)
	if err := own.ranges(); err != nil {
		return p, err
	}
	if !slices.Contains(rounding.Bases, own.Rounding.Base) {
		return p, wrongf("rounding: base is %d; want one of %s", own.Rounding.Base, strings.Trim(fmt.Sprint(rounding.Bases), "[]"))
	}
	if err := own.Microdata.Check(); err != nil {
		if bad := (*microdata.PolicyError)(nil); errors.As(err, &bad) {
			err = &PolicyError{bad.Format, bad.Args}
		}
		return p, err
	}
	return own, nil
}

// PolicyError says what is wrong in a workspace's policy. Its text is English; the format and
// its arguments are kept for who tells it in another language.
type PolicyError struct {
	Format string
	Args   []any
}

func (e *PolicyError) Error() string { return PolicyFile + ": " + fmt.Sprintf(e.Format, e.Args...) }

func wrongf(format string, args ...any) error { return &PolicyError{format, args} }

// wanted says of a value of the wrong kind, and of a key that is none, where it stands and
// what is wanted.
func wanted(err error) error {
	var (
		bad     *yaml.TypeError
		unknown *yaml.UnknownFieldError
		broken  *yaml.SyntaxError
	)
	switch {
	case errors.As(err, &unknown) && unknown.Token != nil:
		return wrongf("line %d: there is no key %q; want one of tipstat's own policy, or leave it out", unknown.Token.Position.Line, unknown.Token.Value)
	case errors.As(err, &broken) && broken.Token != nil && strings.HasPrefix(broken.Message, "mapping key"): // … already defined
		return wrongf("line %d: the key %q stands there twice; keep one of the two", broken.Token.Position.Line, broken.Token.Value)
	case errors.As(err, &broken) && broken.Token != nil:
		return wrongf("line %d: it is no YAML from there on (%s); look for a bracket or quote that is not closed, and at how far lines are indented", broken.Token.Position.Line, broken.Message)
	}
	if !errors.As(err, &bad) || bad.Token == nil {
		return fmt.Errorf("%s: %w", PolicyFile, err)
	}
	line, found := bad.Token.Position.Line, bad.Token.Value
	switch bad.DstType.Kind() {
	case reflect.Float64, reflect.Int:
		return wrongf("line %d: found %q; want a number", line, found)
	case reflect.Bool:
		return wrongf("line %d: found %q; want true or false", line, found)
	case reflect.String:
		return wrongf("line %d: found %q; want a code or a word", line, found)
	case reflect.Slice:
		return wrongf("line %d: found %q; want a list, such as [PERSON, CASE]", line, found)
	}
	return wrongf("line %d: found %q; want a list or names with values as in tipstat's own policy", line, found)
}

// ranges tells of what can't be meant: a policy must not let out more by a slip.
func (p Policy) ranges() error {
	thresholds := map[string]float64{"threshold": p.Threshold, "threshold_cases": p.ThresholdCases, "protection": p.Protection}
	for _, own := range []struct {
		name string
		of   map[string]float64
	}{{"states", p.States}, {"records", p.Records}} {
		for code, n := range own.of {
			thresholds[own.name+": "+code] = n
		}
	}
	for _, name := range slices.Sorted(maps.Keys(thresholds)) {
		if n := thresholds[name]; name == "protection" && !(n >= 1 && n <= mostProtection) {
			return wrongf("%s is %v; want 1 or more (1: an interval of two whole numbers is wide enough), at most %v", name, n, float64(mostProtection))
		} else if !(n >= 1 && n <= mostThreshold) {
			return wrongf("%s is %v; want 1 or more (1: no count is too small), at most %v", name, n, float64(mostThreshold))
		} else if n != math.Trunc(n) {
			return wrongf("%s is %v; want a whole number: counts are", name, n)
		}
	}
	switch {
	case !slices.Contains(Controls, p.Control):
		return wrongf("control is %q; want one of %s", p.Control, strings.Trim(fmt.Sprint(Controls), "[]"))
	case p.Revisions != Hold && p.Revisions != Publish:
		return wrongf("revisions is %q; want hold or publish", p.Revisions)
	case p.CrossedCases < 0 || p.CrossedCases > dims:
		return wrongf("crossed_cases is %d; want 0 to %d", p.CrossedCases, dims)
	case !(p.TotalWeight >= 1 && p.TotalWeight <= mostThreshold):
		return wrongf("total_weight is %v; want 1 or more", p.TotalWeight)
	case !(p.Group >= 0):
		return wrongf("group is %v; want 0 or more (0: groups of which all share an attribute are published)", p.Group)
	case p.chained() != "":
		return wrongf("among: %s is both among others and has others among it; want it on one side alone", p.chained())
	case p.cyclic() != "":
		return wrongf("sums: %s is a part of itself; want indicators that make another together", p.cyclic())
	case len(p.CountingUnits) == 0:
		return wrongf("counting_units is empty; want the units in which persons are counted: nothing would be withheld")
	}
	return nil
}

// chained gives an indicator that stands on both sides of among; none: "". What is among
// what is among another is protected with neither.
func (p Policy) chained() string {
	for _, whole := range slices.Sorted(maps.Values(p.Among)) {
		if _, ok := p.Among[whole]; ok {
			return whole
		}
	}
	return ""
}

// cyclic gives an indicator that is made of others of which it is a part; none: "".
func (p Policy) cyclic() string {
	wholes := p.Wholes()
	for _, part := range slices.Sorted(maps.Keys(wholes)) {
		of := part
		for range wholes { // so many steps up there are at most
			if of = wholes[of]; of == part {
				return part
			}
		}
	}
	return ""
}

// mostThreshold bounds thresholds, and mostProtection widths: more hides next to all, and
// takes a minute to find that out.
const (
	mostThreshold  = 1e9
	mostProtection = 1000
)

// Check tells of codes that are in no list, so that what was meant would not hold.
func (p Policy) Check(codes *codelist.Set) error {
	oas := map[string]bool{}
	for _, g := range codes.Groups() {
		oas[g.RefArea] = oas[g.RefArea] || g.Group == "OAS"
	}
	for _, state := range slices.Sorted(maps.Keys(p.States)) {
		if !oas[state] {
			return wrongf("states: %q is no State of the OAS; want its code in CL_AREA, such as HND", state)
		}
	}
	for _, of := range []struct {
		name, list string
		codes      []string
	}{
		{"records", "CL_RECORD", slices.Sorted(maps.Keys(p.Records))},
		{"counting_units", "CL_COUNTING_UNIT", p.CountingUnits},
		{"free", "CL_INDICATOR", p.Free},
		{"sums", "CL_INDICATOR", slices.Concat(append(slices.Collect(maps.Values(p.Sums)), slices.Sorted(maps.Keys(p.Sums)))...)},
		{"microdata: indicators", "CL_INDICATOR", p.Microdata.Indicators},
		{"rates", "CL_INDICATOR", slices.Concat(slices.Sorted(maps.Keys(p.Rates)), slices.Sorted(maps.Values(p.Rates)))},
		{"among", "CL_INDICATOR", slices.Concat(slices.Sorted(maps.Keys(p.Among)), slices.Sorted(maps.Values(p.Among)))},
	} {
		list, _ := codes.List(of.list)
		for _, code := range of.codes {
			if _, ok := list.Code(code); !ok {
				return wrongf("%s: %q is not in %s; tipstat codes %s lists them", of.name, code, of.list, of.list)
			}
		}
	}
	list, _ := codes.List("CL_INDICATOR")
	for _, code := range p.Free {
		if c, _ := list.Code(code); slices.Contains(ofPersons, c.Parent) {
			return wrongf("free: %s counts victims, or persons in criminal proceedings; want indicators of measures or population", code)
		}
	}
	if !slices.Contains(p.CountingUnits, "PERSON") {
		return wrongf("counting_units lacks PERSON: no victim would be protected")
	}
	return nil
}

// ofPersons are the records (CL_RECORD) of which every figure may single somebody out.
var ofPersons = []string{"victims", "routes", "prosecutions"}

// Wholes gives the indicator that each of some makes together with others.
func (p Policy) Wholes() map[string]string {
	of := map[string]string{}
	for whole, parts := range p.Sums {
		for _, part := range parts {
			of[part] = whole
		}
	}
	return of
}

// groupOf gives the indicator with which one is protected.
func (p Policy) groupOf(indicator string) string {
	of := cmp.Or(p.Rates[indicator], indicator)
	of = cmp.Or(p.Among[of], of)
	return cmp.Or(p.Wholes()[of], of)
}

// Others gives the least and the greatest threshold that holds for some State or
// record in place of the general one.
func (p Policy) Others() (low, high float64, ok bool) {
	own := slices.Sorted(maps.Values(p.States))
	own = append(own, slices.Sorted(maps.Values(p.Records))...)
	if len(own) == 0 {
		return 0, 0, false
	}
	return slices.Min(own), slices.Max(own), true
}

func merged[V any](x, y map[string]V) map[string]V {
	out := maps.Clone(x)
	if out == nil {
		out = map[string]V{}
	}
	maps.Copy(out, y)
	return out
}

// threshold is the count below which a figure is withheld: the general one, or in its
// place that of its State or record, the stricter of the two.
func (p Policy) threshold(state, record string, counted bool) float64 {
	ofState, byState := p.States[state]
	ofRecord, byRecord := p.Records[record]
	t := max(ofState, ofRecord)
	if !byState && !byRecord {
		t = p.Threshold
	}
	if counted {
		t = max(t, p.ThresholdCases)
	}
	return t
}

// strictest is the greatest threshold that holds for any record of a group.
func (p Policy) strictest(g group, counted bool) (t float64) {
	for _, o := range g.obs {
		t = max(t, p.threshold(g.state, o.record, counted))
	}
	return t
}

// args are what the queries of figures of persons ask for by name: $units, $free and
// $rates, lists of codes.
func (p Policy) args() (args []any, err error) {
	for name, codes := range map[string][]string{"units": p.CountingUnits, "free": p.Free, "rates": slices.Sorted(maps.Keys(p.Rates))} {
		b, err := json.Marshal(codes)
		if err != nil {
			return nil, err
		}
		args = append(args, sql.Named(name, string(b)))
	}
	return args, nil
}
