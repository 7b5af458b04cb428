package layout

import (
	"hash/maphash"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/oas/tipstat/ingest/sheet"
	"github.com/oas/tipstat/transform/record"
)

// SDMX says which data of the SDMX exchange a layout reads, as SDMX-CSV 2.0, as
// SDMX-CSV 1.0 (its first column is DATAFLOW) or as structure-specific SDMX-ML 3.0,
// which sheet reads as the same table. The file names its structure in every row, so
// that no heading is needed to recognise it; a component that is missing is a finding.
type SDMX struct {
	Dataflow      string `yaml:"dataflow"`      // AGENCY:ID(VERSION)
	DataStructure string `yaml:"datastructure"` // the same, where data may name their structure instead
	// Apostrophes tells that in csv an apostrophe stands before texts that a spreadsheet
	// could take for a formula, and before those that have one there already, as
	// reports/sdmx writes them. It is taken off.
	Apostrophes bool `yaml:"apostrophes"`
}

// What a row says of its structure. The others may stand in a file and are not read.
const (
	sdmxStructure = "STRUCTURE"
	sdmxID        = "STRUCTURE_ID|DATAFLOW"
	sdmxAction    = "ACTION"
	sdmxOther     = "STRUCTURE_NAME|SERIES_KEY|OBS_KEY|LAST UPDATE"
)

var sdmxName = regexp.MustCompile(`^[A-Za-z0-9_.@$-]+:[A-Za-z0-9_@$-]+\([0-9][0-9A-Za-z.+-]*\)$`)

// sdmxColumns are where a sheet has what its rows say of their structure; 0: it has not.
type sdmxColumns struct{ structure, id, action int }

func findSDMX(headings []heading) (c sdmxColumns) {
	for _, h := range headings {
		switch {
		case slices.Contains(spellings(sdmxStructure), h.norm):
			c.structure = h.col
		case slices.Contains(spellings(sdmxID), h.norm):
			c.id = h.col
		case slices.Contains(spellings(sdmxAction), h.norm):
			c.action = h.col
		}
	}
	return c
}

// names tells whether a row is of the layout's data.
func (s *SDMX) names(structure, id string) bool {
	switch strings.ToLower(trim(structure)) {
	case "", "dataflow": // SDMX-CSV 1.0 has no such column
		return trim(id) == s.Dataflow
	case "datastructure":
		return s.DataStructure != "" && trim(id) == s.DataStructure
	}
	return false
}

// wanted is what names takes.
func (s *SDMX) wanted() string { return "dataflow " + s.Dataflow }

func textAt(r *sheet.Row, col int) string {
	for i := range r.Cells {
		if r.Cells[i].Col == col {
			return r.Cells[i].Text
		}
	}
	return ""
}

// otherFlow says that a file is of the SDMX exchange and of no layout here.
func otherFlow(heads []head, file string, layouts []*Layout) (record.Finding, bool) {
	for i := range heads {
		h := &heads[i]
		if len(h.rows) < 2 {
			continue
		}
		at := findSDMX(h.headings(0, 1))
		row := &h.rows[1]
		id := trim(textAt(row, at.id))
		if at.id == 0 || !sdmxName.MatchString(id) {
			continue
		}
		f := record.NewFinding("TIP-L018", h.place(file, row.Number, at.id))
		f.Found = strings.TrimSpace(clip(trim(textAt(row, at.structure)), 20) + " " + clip(id, 100))
		var known []string
		for _, l := range layouts {
			if l.Match.SDMX != nil {
				known = append(known, l.Match.SDMX.wanted())
			}
		}
		slices.Sort(known)
		f.Expected = strings.Join(slices.Compact(known), ", ")
		return f, true
	}
	return record.Finding{}, false
}

// bindSDMX finds the columns of the structure, and tells of those that are read by
// no column of the layout.
func (r *reader) bindSDMX() {
	if r.l.Match.SDMX == nil {
		return
	}
	r.sdmx = findSDMX(r.fs.fit.headings)
	for _, h := range r.fs.fit.headings {
		if slices.Contains(spellings(sdmxStructure+"|"+sdmxID+"|"+sdmxAction), h.norm) {
			r.carried[h.text] = "structure of the data"
		} else if _, read := r.carried[h.text]; !read && slices.Contains(spellings(sdmxOther), h.norm) {
			r.carried[h.text] = "not read: follows from the others"
		}
	}
}

// exchange checks what a row says of its structure and of what is to be done with it.
// Every file is a vintage: it takes the place of what the store has of the same agency,
// State, indicator and period, as Information. Append, Merge and Replace change the
// observations that they name and leave others as they are, which is only the same if the
// file has all of them: inbox looks whether it has (TIP-L026). Nothing is deleted, since
// nothing in the store is ever changed.
func (r *reader) exchange() bool {
	s := r.l.Match.SDMX
	if s == nil {
		return true
	}
	structure, id := r.text(r.sdmx.structure), r.text(r.sdmx.id)
	if !s.names(structure, id) {
		r.fail("TIP-L019", r.sdmx.id, clip(strings.TrimSpace(trim(structure)+" "+trim(id)), 100), s.wanted())
		return false
	}
	switch action := strings.ToUpper(trim(r.text(r.sdmx.action))); action {
	case "", "I":
	case "A", "M", "R":
		r.log.cell("TIP-L021", r.place(r.sdmx.action), action, "", nil)
	default:
		r.fail("TIP-L020", r.sdmx.action, clip(action, 20), "I, R, A, M")
		return false
	}
	return true
}

// unmark takes the apostrophes off that our export puts before texts.
func (r *reader) unmark(row *sheet.Row) {
	if s := r.l.Match.SDMX; s == nil || !s.Apostrophes || r.format != sheet.CSV {
		return
	}
	for i := range row.Cells {
		row.Cells[i].Text = record.Unmarked(row.Cells[i].Text)
	}
}

// fromStatus, as values.blank, says that of a figure that is missing another column of
// the row gives the OBS_STATUS.
const fromStatus = "=OBS_STATUS"

// numbers are concepts that hold numbers, and the least and the most that each may be.
// 1e15 is the most of a figure, 15 of CL_UNIT_MULT and CL_DECIMALS.
var numbers = map[string]struct {
	least, most float64
	whole       bool
}{
	"LOWER_BOUND": {0, 1e15, false}, "UPPER_BOUND": {0, 1e15, false}, "UNIT_MULT": {-15, 15, true}, "DECIMALS": {0, 15, true},
}

// readNumber checks the text of a concept that holds a number. Blank: not said.
func readNumber(concept, text string) (n float64, p *problem, is bool) {
	of, is := numbers[concept]
	if !is || trim(text) == "" {
		return math.NaN(), nil, is
	}
	n, err := parsePlain(trim(text))
	if err != nil || n < of.least || n > of.most || of.whole && n != math.Trunc(n) {
		return 0, &problem{"TIP-V001", record.FormatNumber(of.least) + "–" + record.FormatNumber(of.most)}, true
	}
	return n, nil, true
}

// readRules checks the ids of the rules that lowered a grade: an id is no free text,
// which would be published.
func readRules(text string) (string, *problem) {
	ids := strings.Fields(text)
	for _, id := range ids {
		if len(id) > 100 || !reason.MatchString(id) {
			return "", &problem{"TIP-V004", "COMPARABILITY_REASONS"}
		}
	}
	return strings.Join(ids, " "), nil
}

// number gives what the row says of a concept that holds a number.
func (r *reader) number(concept string) float64 {
	n, _, _ := readNumber(concept, r.extra[concept]) // checked when it was said
	return n
}

// whole completes a figure by what other columns of its row say of it: the status of
// one that is missing, and the bounds of one that is not known exactly.
func (r *reader) whole(v record.Value) (record.Value, *problem) {
	if v.Status == fromStatus {
		if v.Status = record.ObsStatus(r.cur[cObsStatus]); v.Status == "" || v.Status == record.Normal {
			return v, &problem{"TIP-V003", ""}
		}
	}
	lower, upper := r.number("LOWER_BOUND"), r.number("UPPER_BOUND")
	if math.IsNaN(lower) && math.IsNaN(upper) {
		return v, nil
	}
	if lower > upper || v.Number < lower || v.Number > upper { // false of what is not known
		return v, &problem{"TIP-L023", ""}
	}
	v.Lower, v.Upper = lower, upper
	return v, nil
}

// received gives what another harmonised store says of the figure; nil where the file
// does not say how figures came about, so that they are harmonised here.
func (r *reader) received() *record.Received {
	derivation, is := r.extra["DERIVATION"]
	if !is {
		return nil
	}
	got := &record.Received{Derivation: derivation, Reasons: r.extra["COMPARABILITY_REASONS"]}
	if g, is := r.extra["COMPARABILITY"]; is {
		got.Grade = &g
	}
	return got
}

// sdmxKey are the concepts that tell one figure of a harmonised store from another.
var sdmxKey = func() (key []record.Concept) {
	for _, id := range []string{"FREQ", "REF_AREA", "INDICATOR", "SEX", "AGE", "EXPLOITATION", "CITIZENSHIP", "ORIGIN", "TRANSIT", "DESTINATION",
		"COUNTING_UNIT", "VICTIM_STATUS", "UNIT_MEASURE", "SOURCE_AGENCY", "TIME_PERIOD"} {
		key = append(key, mustConcept(id))
	}
	return key
}()

// once tells whether no row before had the key of this one. In a harmonised store each
// is one figure, and a message that has two of them contradicts itself.
func (r *reader) once() bool {
	var h maphash.Hash
	h.SetSeed(r.seed)
	for _, c := range sdmxKey {
		h.WriteString(r.cur[c])
		h.WriteByte(0)
	}
	k := h.Sum64()
	if r.seen[k] {
		return false
	}
	r.seen[k] = true
	return true
}

// sdmx checks what a layout says of the SDMX exchange.
func (k *checker) sdmx() {
	s := k.l.Match.SDMX
	if s == nil {
		return
	}
	for _, id := range []string{s.Dataflow, s.DataStructure} {
		if id != "" && !sdmxName.MatchString(id) || id == "" && s.Dataflow == "" {
			k.bad("match.sdmx: want AGENCY:ID(VERSION), have %q", id)
		}
	}
	if k.l.Match.HeaderRows > 1 || k.l.Rows != "figure" {
		k.bad("match.sdmx: SDMX data have one row of headings, and rows of figures")
	}
}

// sameFreq tells whether the frequency that a column gives is that of the period. Three
// months that are no quarter of the calendar may be a quarter or not.
func sameFreq(said, found, timePeriod string) (freq string, ok bool) {
	if said == "" || said == found {
		return found, true
	}
	return said, said == "Q" && found == "I" && strings.HasSuffix(timePeriod, "/P3M")
}

// intOr gives a number that was checked to be whole, or another where there is none.
func intOr(n float64, otherwise int) int {
	if math.IsNaN(n) {
		return otherwise
	}
	return int(n)
}

// rangeMonths gives the months of a time range of SDMX: 2022-10-01/P1Y, 2025-01-01/P9M.
func rangeMonths(text string) (months int, ok bool) {
	m := reRange.FindStringSubmatch(text)
	if m == nil {
		return 0, false
	}
	if m[1] == "1Y" {
		return 12, true
	}
	months, err := strconv.Atoi(strings.TrimSuffix(m[1], "M"))
	return months, err == nil && months >= 1 && months <= 600
}

var reRange = regexp.MustCompile(`^(?:19|20)\d\d-(?:0[1-9]|1[0-2])-01/P(1Y|[1-9]\d{0,2}M)$`)
