package gate

import (
	_ "embed"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/goccy/go-yaml"

	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/record"
)

//go:embed identifiers.yaml
var identifiersYAML []byte

//go:embed names.csv
var namesCSV string

// lexicon is identifiers.yaml with names.csv.
type lexicon struct {
	Words     map[string][]string `yaml:"words"` // that patterns name in braces
	Persons   []string            `yaml:"persons"`
	Fillers   []string            `yaml:"fillers"`
	Ages      []string            `yaml:"ages"`
	Counted   []string            `yaml:"counted"`
	Plain     []string            `yaml:"plain"`
	Regions   []string            `yaml:"regions"`
	Many      []string            `yaml:"many"`
	Initials  []string            `yaml:"initials"`
	Things    []string            `yaml:"things"`
	Elsewhere []string            `yaml:"elsewhere"`
	Headings  []string            `yaml:"headings"`
	Nothing   []string            `yaml:"nothing"`
	Codes     []string            `yaml:"codes"`
	Born      born                `yaml:"born"`
	Kinds     []kind              `yaml:"kinds"`
	Contact   []string            `yaml:"contact"`
	Places    []string            `yaml:"places"`

	who int // the kind that cells under a heading of persons alone may be

	fillers, counted, plain, regions, children, nothing, places, contact, given, surnames map[string]bool

	common   func() *common    // of our code lists; nil: of none
	announce map[string]uint64 // words of lists that contents name in after, as bits
	lists    map[string]uint64 // those lists

	contents []*content            // of all kinds; their place is their bit
	forms    map[string][]*content // by form of a cell
	within   map[string][]*content // by form of a word in a text
	loose    []*content            // those without forms
}

// born is when dates are taken for dates of birth by their years alone.
type born struct {
	Cells int      `yaml:"cells"`
	Share float64  `yaml:"share"`
	Span  int      `yaml:"span"`
	Later int      `yaml:"later"`
	Alone int      `yaml:"alone"`
	Not   []string `yaml:"not"`
}

// kind is one kind of identifier.
type kind struct {
	ID       string     `yaml:"id"`
	Finding  string     `yaml:"finding"`
	Office   bool       `yaml:"office"`
	Told     bool       `yaml:"told"`
	Headings []string   `yaml:"headings"`
	Alone    []string   `yaml:"alone"`
	Short    []string   `yaml:"short"`
	Named    []string   `yaml:"named"`
	Weak     []string   `yaml:"weak"`
	Not      []string   `yaml:"not"`
	Looks    string     `yaml:"looks"`
	Share    float64    `yaml:"share"`
	Who      *who       `yaml:"who"`
	Contents []*content `yaml:"contents"`

	looks func(*lexicon, string) bool
}

// content is one thing that is recognised whatever the heading says.
type content struct {
	ID        string   `yaml:"id"`
	Forms     []string `yaml:"forms"`
	Within    bool     `yaml:"within"`
	Pattern   string   `yaml:"pattern"`
	Check     string   `yaml:"check"`
	Words     int      `yaml:"words"`
	After     []string `yaml:"after"` // lists of words of which one stands in the text
	Digits    int      `yaml:"digits"`
	Cells     int      `yaml:"cells"`
	Share     float64  `yaml:"share"`
	Elsewhere float64  `yaml:"elsewhere"` // the share under headings of places and offices
	Unless    []string `yaml:"unless"`
	Rows      *few     `yaml:"rows"`
	Victim    bool     `yaml:"victim"` // it says that someone is a victim or the like

	kind  int
	bit   uint64
	after uint64
	re    *regexp.Regexp
	check func(*lexicon, string) bool
}

// who is when cells under a heading that names persons alone are names, known or not.
type who struct {
	Cells     int     `yaml:"cells"`     // different ones at least
	Share     float64 `yaml:"share"`     // of the column's cells
	Different float64 `yaml:"different"` // how many of them differ
	Aged      int     `yaml:"aged"`      // different ones beside a column of ages
}

// few is how many different cells are enough in rows about persons, whatever
// their share, and under which headings they are not.
type few struct {
	Cells  int      `yaml:"cells"`
	Unless []string `yaml:"unless"`
}

// single tells whether one cell is enough.
func (c *content) single() bool { return c.Cells == 1 && c.Share == 0 }

// loaded reads the lexicon once; every fault in it is ours, and a test reads it.
var loaded = sync.OnceValues(func() (*lexicon, error) {
	lx := &lexicon{announce: map[string]uint64{}, lists: map[string]uint64{}, forms: map[string][]*content{}, within: map[string][]*content{}, given: map[string]bool{}, surnames: map[string]bool{}}
	if err := yaml.UnmarshalWithOptions(identifiersYAML, lx, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("identifiers.yaml: %w", err)
	}
	lx.fillers, lx.counted, lx.plain, lx.regions, lx.children, lx.nothing, lx.places, lx.contact = set(lx.Fillers), set(lx.Counted), set(lx.Plain), set(lx.Regions), set(lx.Words["child"]), set(lx.Nothing), set(lx.Places), set(lx.Contact)
	for i := range lx.Kinds {
		k := &lx.Kinds[i]
		if k.looks = looks[k.Looks]; k.looks == nil {
			return nil, fmt.Errorf("identifiers.yaml: %s: no look %q", k.ID, k.Looks)
		}
		for _, c := range k.Contents {
			if err := lx.add(i, c); err != nil {
				return nil, fmt.Errorf("identifiers.yaml: %s: %s: %w", k.ID, c.ID, err)
			}
		}
	}
	if lx.who = slices.IndexFunc(lx.Kinds, func(k kind) bool { return k.Who != nil }); lx.who < 0 {
		return nil, errors.New("identifiers.yaml: no kind has who")
	}
	if len(lx.contents) > 64 {
		return nil, fmt.Errorf("identifiers.yaml: %d contents: a mark has 64 bits", len(lx.contents))
	}
	for line := range strings.Lines(namesCSV) { // nothing in it is quoted
		cells := strings.Split(line, ",")
		switch {
		case len(cells) == 3 && cells[1] == "given":
			lx.given[cells[0]] = true
		case len(cells) == 3 && cells[1] == "surname":
			lx.surnames[cells[0]] = true
		case line != "name,kind,source\n":
			return nil, fmt.Errorf("names.csv: %q: want a name, given or surname, a source", line)
		}
	}
	return lx, nil
})

func (lx *lexicon) add(kind int, c *content) (err error) {
	c.kind, c.bit = kind, 1<<len(lx.contents)
	lx.contents = append(lx.contents, c)
	if c.Check != "" {
		if c.check = checks[c.Check]; c.check == nil {
			return fmt.Errorf("no check %q", c.Check)
		}
	}
	if c.Cells == 0 {
		return fmt.Errorf("cells are missing")
	}
	for _, list := range c.After {
		bit := lx.lists[list]
		if bit == 0 {
			bit = 1 << len(lx.lists)
			lx.lists[list] = bit
		}
		for _, w := range lx.Words[list] {
			for part := range strings.FieldsFuncSeq(w, func(r rune) bool { return !unicode.IsLetter(r) }) { // bo\. is met as bo
				lx.announce[strings.ToLower(part)] |= bit
			}
		}
		c.after |= bit
	}
	if c.Pattern != "" {
		c.re, err = regexp.Compile(lx.expand(c.Pattern))
	}
	for _, f := range c.Forms {
		lx.forms[f] = append(lx.forms[f], c)
		if c.Within {
			lx.within[f] = append(lx.within[f], c)
		}
	}
	if len(c.Forms) == 0 {
		lx.loose = append(lx.loose, c)
	}
	return err
}

// expand puts lists of words in a pattern where it names them in braces.
func (lx *lexicon) expand(pattern string) string {
	for name, words := range lx.Words {
		pattern = strings.ReplaceAll(pattern, "{"+name+"}", "(?:"+strings.Join(words, "|")+")")
	}
	return pattern
}

func set(words []string) map[string]bool {
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[w] = true
	}
	return m
}

// normal is a heading as it is compared: camelCase is taken apart first.
func normal(heading string) string {
	var b strings.Builder
	last := ' '
	for _, r := range heading {
		if unicode.IsUpper(r) && unicode.IsLower(last) {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
		last = r
	}
	return joined(codelist.Normalise(b.String()))
}

// joined writes letters that stand alone as one word: "d n i", of D.N.I., is dni.
func joined(s string) string {
	var out []string
	run := false
	for w := range strings.FieldsSeq(s) {
		alone := len(w) == 1 && w[0] >= 'a' && w[0] <= 'z'
		if alone && run {
			out[len(out)-1] += w
		} else {
			out = append(out, w)
		}
		run = alone
	}
	return strings.Join(out, " ")
}

// holds tells whether one of the phrases stands in a normalised text, whole words.
func holds(text string, phrases []string) bool {
	text = " " + text + " "
	return slices.ContainsFunc(phrases, func(p string) bool { return strings.Contains(text, " "+p+" ") })
}

// longestHeading is how many characters a heading may have; more is a text.
const longestHeading = 80

// whose tells whether a heading names persons and nothing else.
func (lx *lexicon) whose(heading string) bool {
	return heading != "" && lx.bare(heading) == "" && holds(heading, lx.Persons)
}

// short tells whether a heading is one of letters that mean other things too.
func (lx *lexicon) short(k *kind, heading string) bool {
	return slices.Contains(k.Short, heading) || slices.Contains(k.Short, lx.bare(heading))
}

// names tells whether a heading names a kind; weak: only if the cells hold
// names that we know.
func (lx *lexicon) names(k *kind, heading string) (is, weak bool) {
	if holds(heading, k.Not) || k.Office && holds(heading, lx.Elsewhere) {
		return false, false
	}
	switch {
	case holds(heading, k.Headings), slices.Contains(k.Alone, heading), slices.Contains(k.Alone, lx.bare(heading)):
		return true, false
	case holds(heading, k.Named) && holds(heading, lx.Persons):
		return true, false
	}
	return !lx.thing(heading) && holds(heading, k.Weak), true
}

// alone tells whether a heading is a word that names a kind by itself.
func (lx *lexicon) alone(heading string) bool {
	return slices.ContainsFunc(lx.Kinds, func(k kind) bool { return slices.Contains(k.Alone, heading) })
}

// thing tells whether a heading is that of the names of things: "Nombre del
// albergue", not "Apellidos (albergue)".
func (lx *lexicon) thing(heading string) bool {
	return holds(heading, lx.Things) && !holds(heading, lx.Persons) && !holds(heading, lx.Kinds[lx.who].Headings)
}

// bare takes fillers and persons off a heading: "n° de DNI de la víctima" is "dni".
func (lx *lexicon) bare(heading string) string {
	words := slices.DeleteFunc(strings.Fields(heading), func(w string) bool { return lx.fillers[w] || slices.Contains(lx.Persons, w) })
	return strings.Join(words, " ")
}

// quotable tells whether a finding may quote a heading: only one of which a word
// is known, and which holds no sign or number that a value beside a label has,
// and no name that we know.
func (lx *lexicon) quotable(heading string) bool {
	n := normal(heading)
	if len(heading) > longestHeading || strings.ContainsAny(heading, "@:=") || strings.ContainsFunc(heading, unicode.IsDigit) {
		return false
	}
	if lx.named(n, func(w string) bool { return lx.vocabulary(w) || particles[w] || lx.fillers[w] }) {
		return false
	}
	known := lx.vocabulary(n)
	for i := range lx.Kinds {
		is, _ := lx.names(&lx.Kinds[i], n)
		known = known || is
	}
	return known
}

// named tells whether a word of a normalised text is a name that we know, of those that
// are not known for something else.
func (lx *lexicon) named(n string, no func(string) bool) bool {
	for w := range strings.FieldsSeq(n) {
		if (lx.given[w] || lx.surnames[w]) && !no(w) {
			return true
		}
	}
	return false
}

// Quoted gives a heading as a finding of a file that passed may quote it: not one that
// holds a name, unless it is a region or what our code lists call something.
func Quoted(heading string, codes *codelist.Set) string {
	lx, err := loaded()
	if err != nil || lx.named(normal(heading), lx.no) && !lx.listed(heading) && !label(codes, heading) {
		return record.Unquoted
	}
	return heading
}

// vocabulary tells whether a word of a normalised text is one of headings.
func (lx *lexicon) vocabulary(n string) bool {
	return holds(n, lx.Headings) || holds(n, lx.Elsewhere) || holds(n, lx.Codes) || holds(n, lx.Persons)
}
