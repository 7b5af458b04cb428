package table

// Table is a finished table: what every renderer draws, and nothing that it
// still has to work out. All texts are in Lang.
type Table struct {
	ID        string
	Title     string
	Question  string
	Paragraph string // the paragraph of AG/RES. 2026 that the table serves, as a line
	Measure   string // what the figures are, as a line
	Lang      string
	Decimals  int // of its figures
	Stub      []Heading
	Columns   []Heading
	Rows      []Row
	Symbols   []Symbol
	Notes     []Note
	Sources   []Source
	// Levels are the names of the columns' levels (REF_YEAR; SEX and AGE).
	Levels []string
	// WideText tells that cells hold words and not figures.
	WideText bool
	// Compact asks for the codes of the lowest level as column headings where
	// room is short; a note then explains them.
	Compact bool
	// Released tells that the figures have passed disclosure control.
	Released bool
	// Rounding says how figures of persons were rounded; nil: not at all.
	Rounding *Rounding `json:",omitempty"`
	// Chart is nil where the spec asks for none.
	Chart *Chart
	// Views are further charts of the table, for who asks for them.
	Views []*Chart `json:"-"`

	made *origin
}

// Heading heads a column of the stub (Codes: its name) or of the body (Codes
// and Labels: one for each level).
type Heading struct {
	Codes  []string
	Labels []string
	Marks  []string

	notes []*draft
}

// Kind of a row.
type Kind string

const (
	SeriesRow  Kind = "series"
	AbsentRow  Kind = "absent"  // a State without any figure
	TotalRow   Kind = "total"   // regional total
	CoveredRow Kind = "covered" // number of States in the total
)

// Label is one entry of a row's stub: the code, its name, and what is shown.
type Label struct {
	Code string
	Name string
	Text string
}

// Row is one series of one State, or a total.
type Row struct {
	Kind         Kind
	Stub         []Label
	Marks        []string
	Cells        []Cell
	Area         string
	SourceAgency string
	Layout       string
	CountingUnit string
	VictimStatus string

	notes []*draft
	group string // stub values over which totals are made apart, such as the year
}

// Cell is one figure or one kind of nothing. Text is what a reader sees.
// Value, Lower and Upper are nil where they are not known; an exact figure has
// all three. A cell without ObsIDs and Actions stands on no observation.
type Cell struct {
	Text             string
	Value            *float64
	Lower            *float64
	Upper            *float64
	Status           string // SDMX CL_OBS_STATUS
	Grade            string // A to D; empty where there is nothing to grade
	Reasons          []string
	Marks            []string
	ObsIDs           []int64
	Actions          []Action
	TimePeriod       string
	PeriodAsReported string
	Derivation       string
	Missing          int64
	SubmissionID     string
	Rounded          bool `json:",omitempty"` // it stands on a rounded figure

	notes []*draft
	seq   int64
}

// Action is one line of a treaty's status list behind a cell.
type Action struct {
	SubmissionID string
	RowSeq       int64
	Sheet        string
	Cell         string
	Raw          string
	Action       string
	Date         string
}

// Symbol explains what stands in place of a figure or after it.
type Symbol struct {
	Symbol string
	Text   string
}

// Note is one note. Mark is empty for a note on the whole table.
type Note struct {
	Mark string
	Kind string // comparability, period, partial, conflict, revision, membership, total, coverage, fixed, …
	Text string
}

// Source is one file behind the table.
type Source struct {
	SubmissionID  string
	Agency        string
	AgencyLabel   string
	File          string
	SHA256        string
	Layout        string
	Version       string
	Received      string // YYYY-MM-DD
	ReferenceDate string // YYYY-MM-DD or empty
	Text          string // all of it, as a line
}

// Figure tells whether the cell holds a number or bounds of one.
func (c Cell) Figure() bool { return c.Value != nil || c.Lower != nil || c.Upper != nil }

// Withheld tells whether the cell stands for a figure that was reported and is
// not told.
func (c Cell) Withheld() bool { return !c.Figure() && c.Status == "Q" }
