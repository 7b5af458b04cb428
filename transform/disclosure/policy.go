package disclosure

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"

	"github.com/goccy/go-yaml"

	"github.com/oas/tipstat/transform/disclosure/rounding"
)

// Policy says what may not be published (policy.yaml explains each part).
type Policy struct {
	Threshold      float64            `yaml:"threshold"`
	ThresholdCases float64            `yaml:"threshold_cases"`
	Records        map[string]float64 `yaml:"records"`
	States         map[string]float64 `yaml:"states"`
	Kept           float64            `yaml:"kept"`
	Group          float64            `yaml:"group"`
	CountingUnits  []string           `yaml:"counting_units"`
	Free           []string           `yaml:"free"`
	Rates          map[string]string  `yaml:"rates"`
	TotalWeight    float64            `yaml:"total_weight"`
	Rounding       struct {
		Base   int             `yaml:"base"`
		Method rounding.Method `yaml:"method"`
	} `yaml:"rounding"`
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
	if own.TotalWeight < 1 || own.Group < 0 {
		return p, fmt.Errorf("%s: total_weight is %v and group %v; want 1 or more, and no less than 0", PolicyFile, own.TotalWeight, own.Group)
	}
	if err := (rounding.Options{Base: own.Rounding.Base, Method: own.Rounding.Method}).Check(); err != nil {
		return p, fmt.Errorf("%s: rounding: %w", PolicyFile, err)
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
