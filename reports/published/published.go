package published

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"

	"github.com/oas/tipstat/reports"
	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/transform/disclosure/audit"
	"github.com/oas/tipstat/transform/record"
)

//go:embed tables.yaml
var tablesYAML []byte

// meaning is what tables.yaml says of one table.
type meaning struct {
	Codes map[string]string   `yaml:"codes"`
	Of    map[string]string   `yaml:"of"`
	Rest  map[string]string   `yaml:"rest"`
	Steps map[string]meaning  `yaml:"steps"`
	Flow  string              `yaml:"flow"`
	Cells map[string][]string `yaml:"cells"`
	Skip  string              `yaml:"skip"`
}

// known are the tables whose cells are understood, with their specs.
type known struct {
	meanings map[string]meaning
	specs    map[string]table.Spec
}

var load = sync.OnceValues(func() (*known, error) {
	k := &known{meanings: map[string]meaning{}, specs: map[string]table.Spec{}}
	if err := yaml.UnmarshalWithOptions(tablesYAML, &k.meanings, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("tables.yaml: %w", err)
	}
	specs, err := table.Load(nil)
	for _, s := range specs {
		k.specs[s.ID] = s
	}
	return k, err
})

// Is tells whether a text is a csv as tipstat writes it, of a table or of an export.
func Is(b []byte) bool { return isTable(b) || IsExport(b) }

// isTable tells whether it is that of a table, which has the columns of an export too.
func isTable(b []byte) bool { return bytes.HasPrefix(b, []byte("table,row_kind,")) }

// Read adds what such a csv says to what was published with it. name is the file's, for
// places.
func Read(p *audit.Published, name string, b []byte) error {
	if isTable(b) {
		return readTable(p, name, b)
	}
	return readExport(p, name, b)
}

func errRounded(name string) error {
	return fmt.Errorf("%s: its figures are rounded, and an audit takes figures for true: it is of those that are withheld", name)
}

func readTable(p *audit.Published, name string, b []byte) error {
	k, err := load()
	if err != nil {
		return err
	}
	in, err := reports.ReadCSV(bytes.NewReader(b))
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if _, rounded := in.At("ROUNDING"); rounded {
		return errRounded(name)
	}
	r := &reader{TableCSV: in, p: p, name: name, rows: map[string]map[string]audit.Ref{}}
	for _, i := range in.Codes() {
		if !slices.Contains(r.levels, in.Head[i]) {
			r.levels = append(r.levels, in.Head[i])
		}
	}
	lines := in.Lines
	if len(lines) == 0 {
		return nil
	}
	r.id = lines[0][0]
	r.means, r.known = k.meanings[r.id]
	r.spec = k.specs[r.id]
	if r.means.Skip != "" {
		return nil
	}
	r.decimals(lines)
	had := len(p.Cells)
	for i, rec := range lines {
		if err := r.line(i, rec); err != nil {
			return fmt.Errorf("%s line %d: %w", name, i+2, err)
		}
	}
	if slices.ContainsFunc(p.Cells[had:], func(c audit.Cell) bool { return c.Hidden }) {
		r.notes(lines)
	}
	return r.differences(lines)
}

// A figure in words: a number that is not part of a name, nor a year.
var (
	reNumber = regexp.MustCompile(`(^|[\s:(≥–])(\d[\d.,\x{a0}\x{202f}]*)([\s;:,.)–%]|$)`)
	reNoSize = regexp.MustCompile(`^(19|20)\d\d$`)
)

// notes takes the notes that hold a figure: "revised from 114".
func (r *reader) notes(lines [][]string) {
	met := map[string]bool{}
	for i, rec := range lines {
		if r.Get(rec, "row_kind") != string(table.SeriesRow) { // how a total is made
			continue
		}
		for _, text := range strings.Split(r.Get(rec, "notes"), " | ") {
			figures := reNumber.FindAllStringSubmatch(text, -1)
			if met[text] || !slices.ContainsFunc(figures, func(m []string) bool { return !reNoSize.MatchString(strings.Trim(m[2], ".,")) }) {
				continue
			}
			met[text] = true
			r.p.Notes = append(r.p.Notes, audit.Note{Text: text, Place: r.place(i)})
		}
	}
}

// reader reads one csv.
type reader struct {
	*reports.TableCSV
	p      *audit.Published
	name   string
	levels []string // columns of codes
	id     string   // of the table
	means  meaning
	known  bool // whether tables.yaml has it
	spec   table.Spec
	half   float64 // half a unit of the last digit that its figures have
	rows   map[string]map[string]audit.Ref
}

// decimals finds how exact derived figures are: as the most exact among them, or
// as the table says where zeros at the end may have been left out.
func (r *reader) decimals(lines [][]string) {
	most := r.spec.Decimals
	for _, rec := range lines {
		for _, c := range []string{"OBS_VALUE", "LOWER_BOUND", "UPPER_BOUND"} {
			if _, after, ok := strings.Cut(r.Get(rec, c), "."); ok {
				most = max(most, len(after))
			}
		}
	}
	const finest = 1e-7 // below that a computer's own rounding counts
	r.half = max(0.5*math.Pow10(-most), finest)
}

// place gives where the figure of a line stands when the csv is opened as a sheet.
func (r *reader) place(line int) record.Place {
	column, _ := r.At("OBS_VALUE")
	return record.Place{File: r.name, Cell: record.CellName(line+2, column+1)}
}

// number gives a figure of a line; NaN where there is none.
func (r *reader) number(rec []string, column string) (float64, error) {
	v, err := r.Number(rec, column)
	if v == nil {
		return math.NaN(), err
	}
	return *v, nil
}

// line reads one line: one printed cell.
func (r *reader) line(i int, rec []string) error {
	kind := table.Kind(r.Get(rec, "row_kind"))
	if kind == table.CoveredRow || kind == table.AbsentRow {
		return nil
	}
	value, err := r.number(rec, "OBS_VALUE")
	lower, err2 := r.number(rec, "LOWER_BOUND")
	upper, err3 := r.number(rec, "UPPER_BOUND")
	if err := errors.Join(err, err2, err3); err != nil {
		return err
	}
	ids, err := r.ObsIDs(rec)
	if err != nil {
		return err
	}
	c := audit.Cell{Whole: true, Place: r.place(i)}
	printed := c.Fill(value, lower, upper, r.Get(rec, "OBS_STATUS"), r.Get(rec, "CONF_STATUS"))
	if r.means.Cells != nil {
		return r.ofRow(rec, c, ids, printed, i)
	}
	if !printed && len(ids) != 1 {
		return nil // nothing was observed: an outsider takes it for nobody
	}
	// What was observed and is not told (its source says two things) may be anything.
	key, whole := r.key(rec, kind)
	if d := r.spec.Derive; d != nil && d.As != "sum" {
		if printed && !c.Hidden {
			r.derived(rec, c, key, ids)
		}
		return nil
	}
	c.Key = key
	// A sum that the table made of withheld figures is none that anybody withheld,
	// and may follow from its total: what must not is each of its parts.
	c.Hidden = c.Hidden && len(ids) < 2
	if len(ids) == 1 {
		c.Obs = ids[0]
	}
	if !whole && c.Obs == 0 {
		c.Key, c.Obs = audit.Key{}, r.anonymous(i)
	} else if !whole {
		c.Key = audit.Key{}
	}
	r.p.Cells = append(r.p.Cells, c)
	if len(ids) > 1 { // of which observations it is the sum
		own := audit.Ref{Key: c.Key, Obs: c.Obs}
		rel := audit.Sum(refs(ids), &own, 0, 0)
		rel.Place = c.Place
		if n, err := r.number(rec, "n_missing"); err == nil && n > 0 { // at least
			rel.Lower = math.Inf(-1)
		}
		r.p.Relations = append(r.p.Relations, rel)
	}
	return nil
}

func refs(ids []int64) []audit.Ref {
	var out []audit.Ref
	for _, id := range ids {
		out = append(out, audit.Ref{Obs: id})
	}
	return out
}

// anonymous gives an id of its own to a cell of which neither codes nor
// observation are told; no observation has one below zero.
func (r *reader) anonymous(line int) int64 {
	return -int64(len(r.p.Cells))*1_000_000 - int64(line) - 1
}

// key gives the codes of a line; whole is false where they do not tell the cell.
func (r *reader) key(rec []string, kind table.Kind) (k audit.Key, whole bool) {
	k = audit.NewKey()
	for _, column := range []string{"SOURCE_AGENCY", "layout", "COUNTING_UNIT", "VICTIM_STATUS"} {
		k.Set(column, r.Get(rec, column))
	}
	flow := ""
	for _, column := range r.levels {
		code := rec[slices.Index(r.Head, column)]
		switch column {
		case "REF_YEAR":
			column = "TIME_PERIOD"
		case "FLOW":
			flow = code
		}
		k.Set(column, code)
	}
	if period := r.Get(rec, "TIME_PERIOD"); period != "" {
		k.Set("TIME_PERIOD", period)
	}
	if !r.known { // a question or a workspace's own table may be of some categories only, and its csv does not say of which
		k.Set("layout", k[audit.Layout]+"/"+r.name)
	}
	whole = true
	for concept, code := range r.means.Codes {
		whole = whole && code != ""
		k.Set(concept, code)
	}
	if r.means.Flow != "" { // a world of its own, beside that of the countries
		k.Set("layout", k[audit.Layout]+"/FLOW")
		k.Set(r.means.Flow, flow)
	}
	if kind == table.TotalRow { // each is of other States, as obs_ids tell: they are no sums of each other
		whole = false
	}
	return k, whole
}

// derived adds what a share, ratio, change or rate tells of the cells that it is of.
func (r *reader) derived(rec []string, c audit.Cell, key audit.Key, ids []int64) {
	m := r.means
	if step, ok := m.Steps[r.Get(rec, "STEP")]; ok {
		m = step
	}
	x := audit.Ref{Key: with(key, m.Of)}
	rest := []audit.Ref{{Key: with(key, m.Rest)}}
	if len(ids) > 0 {
		x.Obs = ids[0]
	}
	if m.Rest["INDICATOR"] == "population" {
		rest = []audit.Ref{{Key: audit.Population(key[audit.RefArea], r.Get(rec, "REF_YEAR"))}}
	} else if len(ids) > 2 {
		rest = refs(ids[1:])
	} else if len(ids) == 2 {
		rest[0].Obs = ids[1]
	}
	if x.Obs == 0 && x.Key == (audit.Key{}) || rest[0].Obs == 0 && rest[0].Key == (audit.Key{}) {
		return
	}
	scale, shift := r.spec.Derive.Scale, 0.0
	if scale == 0 {
		scale = 1
	}
	var rels []audit.Relation
	switch r.spec.Derive.As {
	case "share":
		rels = audit.Share(x, rest, c.Lower, c.Upper, r.half, scale)
	case "change":
		shift = -scale
		fallthrough
	case "ratio":
		if math.IsNaN(c.Lower) {
			c.Lower = math.Inf(-1)
		}
		rels = audit.Ratio(x, rest, c.Lower, c.Upper, r.half, scale, shift)
	}
	for _, rel := range rels {
		rel.Place = c.Place
		r.p.Relations = append(r.p.Relations, rel)
	}
}

// with gives a key with other codes; the zero key if they do not tell the cell.
func with(k audit.Key, codes map[string]string) audit.Key {
	for concept, code := range codes {
		switch {
		case code == "":
			return audit.Key{}
		case code == "previous":
			year, err := strconv.Atoi(k[audit.TimePeriod])
			if err != nil {
				return audit.Key{}
			}
			code = strconv.Itoa(year - 1)
		}
		k.Set(concept, code)
	}
	return k
}
