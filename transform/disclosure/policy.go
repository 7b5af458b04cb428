package disclosure

import (
	"database/sql"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"github.com/goccy/go-yaml"

	"github.com/oas/tipstat/transform/disclosure/microdata"
	"github.com/oas/tipstat/transform/disclosure/rounding"
)

// Policy says what may not be published (policy.yaml explains each part).
type Policy struct {
	Control        Control            `yaml:"control"`
	Threshold      float64            `yaml:"threshold"`
	ThresholdCases float64            `yaml:"threshold_cases"`
	CrossedCases   int                `yaml:"crossed_cases"`
	Records        map[string]float64 `yaml:"records"`
	States         map[string]float64 `yaml:"states"`
	Protection     float64            `yaml:"protection"`
	Group          float64            `yaml:"group"`
	Dominance      bool               `yaml:"dominance"`
	CountingUnits  []string           `yaml:"counting_units"`
	Free           []string           `yaml:"free"`
	Rates          map[string]string  `yaml:"rates"`
	TotalWeight    float64            `yaml:"total_weight"`
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
	if err != nil {
		return p, err
	}
	own := p
	own.Records, own.States, own.Rates = nil, nil, nil
	if err := yaml.UnmarshalWithOptions(b, &own, yaml.Strict()); err != nil {
		return p, fmt.Errorf("%s: %w", PolicyFile, err)
	}
	own.Records, own.States, own.Rates = merged(p.Records, own.Records), merged(p.States, own.States), merged(p.Rates, own.Rates)
	for name, n := range map[string]float64{"threshold": own.Threshold, "threshold_cases": own.ThresholdCases} {
		if n < 1 {
			return p, fmt.Errorf("%s: %s is %v; want 1 or more (1: no count is too small)", PolicyFile, name, n)
		}
	}
	if !slices.Contains(Controls, own.Control) {
		return p, fmt.Errorf("%s: control is %q; want one of %v", PolicyFile, own.Control, Controls)
	}
	if own.TotalWeight < 1 || own.Group < 0 {
		return p, fmt.Errorf("%s: total_weight is %v and group %v; want 1 or more, and no less than 0", PolicyFile, own.TotalWeight, own.Group)
	}
	if !slices.Contains(rounding.Bases, own.Rounding.Base) {
		return p, fmt.Errorf("%s: rounding: base is %d; want one of %v", PolicyFile, own.Rounding.Base, rounding.Bases)
	}
	if err := own.Microdata.Check(); err != nil {
		return p, fmt.Errorf("%s: %w", PolicyFile, err)
	}
	return own, nil
}

func merged[V any](x, y map[string]V) map[string]V {
	out := maps.Clone(x)
	if out == nil {
		out = map[string]V{}
	}
	maps.Copy(out, y)
	return out
}

// threshold is the count below which a figure is withheld: the strictest of
// those that hold for it.
func (p Policy) threshold(state, record string, counted bool) float64 {
	t := p.Threshold
	if n, ok := p.Records[record]; ok {
		t = n
	}
	if n, ok := p.States[state]; ok {
		t = n
	}
	if counted {
		t = max(t, p.ThresholdCases)
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
