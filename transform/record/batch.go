package record

import (
	"math"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// Kind of a record: which table of the store its rows go to.
type Kind string

const (
	KindFigure Kind = "figure"        // aggregate figures, one cell each
	KindCase   Kind = "case_row"      // case rows, one person or case each
	KindTreaty Kind = "treaty_action" // actions of States under a treaty
)

// Figure is one aggregate figure as it stands in one cell.
type Figure struct {
	Sheet      string
	RowNo      int
	Cell       string // A1 address of the cell that holds the value
	Raw        string // the text found there
	Breakdown  string // the table inside the file that it belongs to
	Role       string // figure or check
	AreaDetail string // sub-national place; empty when national
	Concepts   Concepts
	Value      Value
	UnitMult   int
	Decimals   int
	Received   *Received // nil: a figure as reported
}

// Received is what another harmonised store says of a figure that it sends. An empty
// text is one: of a withheld figure nothing is said.
type Received struct {
	Derivation string  // how it came about: reported, counted, summed …
	Grade      *string // of comparability; nil: it does not say
	Reasons    string  // rules that lowered it, parted by spaces
}

// Case is one case row, reduced to codes. It has no raw text on purpose.
type Case struct {
	Sheet    string
	RowNo    int
	Concepts Concepts
}

// TreatyAction is one dated action of one State under one instrument.
type TreatyAction struct {
	Sheet      string
	RowNo      int
	Cell, Raw  string
	RefArea    string
	Instrument string
	Action     string
	Date       time.Time
}

// caseConcepts are the components that a case row keeps.
var caseConcepts = []string{"REF_AREA", "INDICATOR", "SEX", "AGE", "EXPLOITATION", "CITIZENSHIP", "ORIGIN", "TRANSIT",
	"DESTINATION", "TIME_PERIOD", "COUNTING_UNIT", "VICTIM_STATUS", "IDENTIFIED_BY", "COVERAGE", "LEGAL_ARTICLE", "SOURCE_AGENCY"}

// received are the columns of Received.
var received = []string{"derivation", "grade", "grade_reasons"}

func text(names ...string) []arrow.Field {
	var fs []arrow.Field
	for _, n := range names {
		fs = append(fs, arrow.Field{Name: n, Type: arrow.BinaryTypes.String})
	}
	return fs
}

// Schema gives the Arrow schema of a kind. Its columns are the columns of the
// table of that name in the store, in their order, without submission_id,
// which the store adds.
func Schema(k Kind) *arrow.Schema {
	fields := []arrow.Field{{Name: "row_seq", Type: arrow.PrimitiveTypes.Int64}}
	fields = append(fields, text("sheet")...)
	fields = append(fields, arrow.Field{Name: "row_no", Type: arrow.PrimitiveTypes.Int32})
	switch k {
	case KindFigure:
		fields = append(fields, text("cell", "raw_text", "breakdown", "role", "area_detail")...)
		all, _ := Structure()
		for _, c := range all {
			f := arrow.Field{Name: c.ID, Type: arrow.BinaryTypes.String}
			switch c.Type {
			case "number":
				f.Type, f.Nullable = arrow.PrimitiveTypes.Float64, true
			case "integer":
				f.Type = arrow.PrimitiveTypes.Int32
			}
			fields = append(fields, f)
		}
		for _, name := range received {
			fields = append(fields, arrow.Field{Name: name, Type: arrow.BinaryTypes.String, Nullable: true})
		}
	case KindCase:
		fields = append(fields, text(caseConcepts...)...)
	case KindTreaty:
		fields = append(fields, text("cell", "raw_text", "REF_AREA", "INSTRUMENT", "ACTION")...)
		fields = append(fields, arrow.Field{Name: "ACTION_DATE", Type: arrow.FixedWidthTypes.Date32})
	}
	md := arrow.NewMetadata([]string{"tipstat.kind"}, []string{string(k)})
	return arrow.NewSchema(fields, &md)
}

// BatchRows is the number of rows after which a Builder hands on a batch.
const BatchRows = 32768

// Builder gathers records of one kind into Arrow record batches and hands
// each full one to emit, which must not keep it after it returns.
type Builder struct {
	kind Kind
	rb   *array.RecordBuilder
	seq  int64
	rows int
	emit func(arrow.RecordBatch) error
	slot []int // for text components of the structure: position in Concepts, by field
	put  int   // next field of the row that is being written
}

// NewBuilder makes a builder; Release must be called when done.
func NewBuilder(mem memory.Allocator, k Kind, emit func(arrow.RecordBatch) error) *Builder {
	b := &Builder{kind: k, rb: array.NewRecordBuilder(mem, Schema(k)), emit: emit}
	for _, f := range b.rb.Schema().Fields() {
		at := -1
		if c, ok := ConceptOf(f.Name); ok {
			at = int(c)
		}
		b.slot = append(b.slot, at)
	}
	return b
}

// Release frees what the builder holds.
func (b *Builder) Release() { b.rb.Release() }

// Rows tells how many rows were added so far.
func (b *Builder) Rows() int64 { return b.seq }

func (b *Builder) str(s string) {
	b.rb.Field(b.put).(*array.StringBuilder).Append(s)
	b.put++
}

// maybe puts a text, or none.
func (b *Builder) maybe(s *string) {
	if s != nil {
		b.str(*s)
		return
	}
	b.rb.Field(b.put).(*array.StringBuilder).AppendNull()
	b.put++
}

func (b *Builder) int(n int) {
	b.rb.Field(b.put).(*array.Int32Builder).Append(int32(n))
	b.put++
}

func (b *Builder) num(n float64) {
	fb := b.rb.Field(b.put).(*array.Float64Builder)
	if math.IsNaN(n) {
		fb.AppendNull()
	} else {
		fb.Append(n)
	}
	b.put++
}

func (b *Builder) begin(sheet string, row int) {
	b.seq++
	b.rb.Field(0).(*array.Int64Builder).Append(b.seq)
	b.put = 1
	b.str(sheet)
	b.int(row)
}

func (b *Builder) end() error {
	b.rows++
	if b.rows < BatchRows {
		return nil
	}
	return b.Flush()
}

// Flush hands on what was gathered, if anything.
func (b *Builder) Flush() error {
	if b.rows == 0 {
		return nil
	}
	b.rows = 0
	batch := b.rb.NewRecordBatch()
	defer batch.Release()
	return b.emit(batch)
}

// Figure adds one figure.
func (b *Builder) Figure(f *Figure) error {
	b.begin(f.Sheet, f.RowNo)
	b.str(f.Cell)
	b.str(f.Raw)
	b.str(f.Breakdown)
	b.str(f.Role)
	b.str(f.AreaDetail)
	fields := b.rb.Schema().Fields()
	for b.put < len(fields)-len(received) {
		if at := b.slot[b.put]; at >= 0 {
			b.str(f.Concepts[at])
			continue
		}
		switch fields[b.put].Name {
		case "OBS_VALUE":
			b.num(f.Value.Number)
		case "LOWER_BOUND":
			b.num(f.Value.Lower)
		case "UPPER_BOUND":
			b.num(f.Value.Upper)
		case "UNIT_MULT":
			b.int(f.UnitMult)
		default: // DECIMALS
			b.int(f.Decimals)
		}
	}
	if r := f.Received; r != nil {
		b.maybe(&r.Derivation)
		b.maybe(r.Grade)
		b.maybe(&r.Reasons)
	} else {
		b.maybe(nil)
		b.maybe(nil)
		b.maybe(nil)
	}
	return b.end()
}

// Case adds one case row.
func (b *Builder) Case(c *Case) error {
	b.begin(c.Sheet, c.RowNo)
	for b.put < len(b.slot) {
		b.str(c.Concepts[b.slot[b.put]])
	}
	return b.end()
}

// TreatyAction adds one action.
func (b *Builder) TreatyAction(a *TreatyAction) error {
	b.begin(a.Sheet, a.RowNo)
	b.str(a.Cell)
	b.str(a.Raw)
	b.str(a.RefArea)
	b.str(a.Instrument)
	b.str(a.Action)
	b.rb.Field(b.put).(*array.Date32Builder).Append(arrow.Date32FromTime(a.Date))
	return b.end()
}
