package portal

import (
	"context"
	"errors"
	"time"
)

// Tables is what the pages of tables ask of the house: of what is published, after disclosure
// control, and nothing else.
type Tables interface {
	// Published tells what is published now; ErrUnpublished before there is anything.
	Published(ctx context.Context) (Published, error)
	// Catalogue lists the tables in a language.
	Catalogue(ctx context.Context, lang string) ([]TableEntry, error)
	// View gives a table, or a part of it, with what stands beside it.
	View(ctx context.Context, q TableQuery) (*TableView, error)
	// Chart draws the chart of a view, as SVG.
	Chart(ctx context.Context, q TableQuery) ([]byte, error)
	// Formats are the forms in which a table can be taken.
	Formats() []string
	// File writes a table, or a part of it, in one of these.
	File(ctx context.Context, q TableQuery, format, paper string) (File, error)
	// Pack tells how the meeting pack stands in a language.
	Pack(ctx context.Context, lang string) (Pack, error)
	// MakePack has it made.
	MakePack(ctx context.Context, lang string) error
	// PackFile gives a part of it.
	PackFile(ctx context.Context, lang, part string) (File, error)
}

// Published is what is published: a version that hangs on every figure, and since when.
type Published struct {
	Version string
	Since   time.Time
	Maker   string // of tipstat
}

// TableEntry is a table of the catalogue.
type TableEntry struct {
	Name, Title, Question, Paragraph string
	Chapter                          string // of the meeting pack; empty: it is in none
	States                           int    // of which something is known
	From, To                         string // years; empty where it has none
}

// TableQuery asks for a table, or for some of its rows and columns. What is empty asks for all;
// years, for the last ones.
type TableQuery struct {
	Name, Lang string
	View       string
	From, To   string
	Codes      map[string][]string // by parameter
}

// Views of a table: which drawing stands beside it.
const (
	ChartView  = "chart"
	MapView    = "map"
	FlowsView  = "flows"
	TableAlone = "table"
)

// Parameters are those of an address by which a table is narrowed, and Concepts what they are of.
var Parameters = []string{"states", "sex", "age", "form"}

// Concepts gives the concept of each parameter.
func Concepts() map[string]string {
	return map[string]string{"states": "REF_AREA", "sex": "SEX", "age": "AGE", "form": "EXPLOITATION"}
}

// TableView is a table as a page shows it.
type TableView struct {
	TableEntry
	Published
	Markup  string // the table with its signs, notes and sources, made by reports
	Choices []TableChoice
	Charts  []string // views that it has
	Drawing *Drawing // nil: none
}

// TableChoice is what a table can be narrowed by.
type TableChoice struct {
	Parameter string
	Codes     []Code
}

// Code is a code with its name.
type Code struct {
	Code, Name string
	Chosen     bool
}

// Drawing is a chart with its words.
type Drawing struct {
	View, Title, Unit, Description string
	Notes                          []string
	Empty                          bool
}

// File is one that is taken: its bytes, or where it lies.
type File struct {
	Name, Kind string
	Bytes      []byte
	Path       string
}

// PackParts are the files of a pack: all of it, and what can be taken alone.
var PackParts = []string{"zip", "pdf", "xlsx"}

// How a pack stands.
const (
	PackNone   = "none"   // nobody has asked for it
	PackMaking = "making" // it is being made, or in line
	PackReady  = "ready"
	PackHeld   = "held"   // the audit let none out
	PackFailed = "failed" // by a fault of the machine, or of ours
)

// Pack is a meeting pack.
type Pack struct {
	Published
	State string
	Ahead int     // packs that are made before it
	Sizes []int64 // of the parts, in bytes
}

// What of tables a page tells.
var (
	ErrUnpublished  = errors.New("nothing is published yet")
	ErrUncontrolled = errors.New("served without disclosure control")
	ErrNoTable      = errors.New("no such table")
	ErrTooWide      = errors.New("too many figures for this format")
	errNotInTable   = errors.New("not in the table")
)

// NotInTable is a value of an address that the table does not have.
type NotInTable struct{ Parameter, Value string }

func (n NotInTable) Error() string { return n.Parameter + ": " + n.Value + ": not in the table" }

// Is makes it one of the errors that have a text.
func (n NotInTable) Is(err error) bool { return err == errNotInTable }
