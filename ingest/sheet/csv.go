package sheet

import (
	"bytes"
	"context"
	"fmt"
	"io"
)

// csvFile is an open csv file.
type csvFile struct {
	r      io.ReaderAt
	size   int64
	coding coding
	comma  byte
	preset bool // the first line, sep=;, says the delimiter and is no row
	limits Limits
}

// openCSV finds out the encoding and the delimiter.
func openCSV(ctx context.Context, w *Workbook, r io.ReaderAt, size int64, opts Options, limits Limits) error {
	if opts.Limits.Rows == 0 {
		limits.Rows = csvRows
	}
	c, detected, err := encodingOf(ctx, r, size, opts.Encoding)
	if err != nil {
		return err
	}
	f := &csvFile{r: r, size: size, coding: c, limits: limits}
	w.book = f
	w.sheets = []Info{{Visibility: Visible}}
	if detected || c.dec != nil && opts.Encoding == "" {
		w.note(NoteEncoding, "", c.name)
	}
	sample := make([]byte, 64<<10)
	n, err := io.ReadFull(c.reader(r, size), sample)
	whole := err == io.EOF || err == io.ErrUnexpectedEOF
	if err != nil && !whole {
		return err
	}
	sample = sample[:n]
	if len(bytes.TrimSpace(sample)) == 0 && whole {
		return &Error{Code: CodeEmpty, Expected: wanted}
	}
	if line, _, _ := bytes.Cut(sample, []byte("\n")); len(line) > 4 && bytes.EqualFold(line[:4], []byte("sep=")) && len(bytes.TrimRight(line, "\r")) == 5 {
		f.comma, f.preset = line[4], true
	}
	switch d := opts.Delimiter; {
	case d == '"' || d == '\n' || d == '\r' || d < 0 || d >= 0x80:
		return fmt.Errorf("sheet: %q can't be a delimiter", d)
	case d != 0:
		f.comma = byte(d)
	default:
		if !f.preset {
			var other byte
			if f.comma, other = delimiterOf(sample, whole); other != 0 {
				w.note(NoteTwoDelimiters, "", delimiterName(other))
			}
		}
		if f.comma != ',' {
			w.note(NoteDelimiter, "", delimiterName(f.comma))
		}
	}
	if f.comma == '"' || f.comma == '\r' || f.comma == 0 || f.comma >= 0x80 {
		return &Error{Code: CodeQuote, Found: "1", Expected: ","}
	}
	return nil
}

func delimiterName(c byte) string {
	if c == '\t' {
		return "TAB"
	}
	return string(rune(c))
}

// delimiterOf chooses among comma, semicolon, tab and bar the one that cuts most of
// the first records into the same number of fields; the comma when none does.
// other is one that cuts them as evenly, 0 when there is none.
func delimiterOf(sample []byte, whole bool) (best, other byte) {
	best, bestScore := byte(','), 0
	// Of several that do as well, the comma comes last: where it is the decimal
	// mark, it stands as often in a row as the semicolon.
	for _, d := range []byte{'\t', ';', '|', ','} {
		counts := map[int]int{}
		fields, records, quoted, begins := 1, 0, false, true
		for i := 0; i < len(sample) && records < 100; i++ {
			c := sample[i]
			switch {
			case quoted:
				quoted = c != '"'
			case c == '"' && (begins || i > 0 && sample[i-1] == '"'):
				quoted = true
			case c == d:
				fields++
			case c == '\n' || c == '\r' && (i+1 == len(sample) || sample[i+1] != '\n'):
				counts[fields]++
				fields, records = 1, records+1
			}
			begins = c == d || c == '\n' || c == '\r'
		}
		if whole && fields > 1 || records == 0 {
			counts[fields]++
			records++
		}
		score := 0 // how many in a thousand records agree
		for n, times := range counts {
			if n > 1 {
				score = max(score, 1000*times/records)
			}
		}
		switch {
		case score > bestScore:
			best, bestScore, other = d, score, 0
		case score == bestScore && score > 0:
			other = d
		}
	}
	return best, other
}

func (f *csvFile) details(context.Context, int) (Details, error) { return Details{}, nil }

// csvReader cuts the text of a file into records.
type csvReader struct {
	f        *csvFile
	in       io.Reader
	ctx      context.Context
	buf      []byte
	pos, end int
	eof      bool
	line     int // lines begun
	record   int // records begun
	text     []byte
	ends     []int // where each field ends in text
}

func (f *csvFile) read(ctx context.Context, _ int, fn func(*Row) error) error {
	c := &csvReader{f: f, in: f.coding.reader(f.r, f.size), ctx: ctx, buf: make([]byte, 64<<10)}
	if f.preset {
		if _, err := c.next(); err != nil {
			return err
		}
		c.record = 0
	}
	keep := arena{block: 16 << 10}
	var row Row
	var cells int64
	for {
		more, err := c.next()
		if err != nil || !more {
			return err
		}
		if cells += int64(len(c.ends)); cells > f.limits.Cells {
			return tooMuch(CodeCells, cells, f.limits.Cells)
		}
		row.Number, row.Cells = c.record, row.Cells[:0]
		text := keep.add(c.text)
		from := 0
		for i, end := range c.ends {
			if end > from {
				row.Cells = append(row.Cells, Cell{Col: i + 1, Kind: Text, Text: text[from:end], Raw: text[from:end]})
			}
			from = end
		}
		if len(row.Cells) == 0 {
			continue
		}
		if err := fn(&row); err != nil {
			return err
		}
	}
}

// peek gives the next byte; ok is false at the end of the file.
func (c *csvReader) peek() (b byte, ok bool, err error) {
	for c.pos == c.end {
		if c.eof {
			return 0, false, nil
		}
		if err := c.ctx.Err(); err != nil {
			return 0, false, canceled(err)
		}
		n, err := c.in.Read(c.buf)
		c.pos, c.end = 0, n
		if err == io.EOF {
			c.eof = true
		} else if err != nil {
			return 0, false, err
		}
	}
	return c.buf[c.pos], true, nil
}

func (c *csvReader) fault(code string, line int) error {
	return &Error{Code: code, Cell: cellName(c.record, len(c.ends)+1), Found: itoa(line)}
}

// next reads one record; more is false at the end of the file.
func (c *csvReader) next() (more bool, err error) {
	c.text, c.ends = c.text[:0], c.ends[:0]
	if _, ok, err := c.peek(); !ok {
		return false, err
	}
	c.line++
	if c.record++; c.record > c.f.limits.Rows {
		return false, tooMuch(CodeRows, c.record, c.f.limits.Rows)
	}
	for {
		last, err := c.field()
		if err != nil {
			return false, err
		}
		from := 0
		if n := len(c.ends); n > 0 {
			from = c.ends[n-1]
		}
		if n := len(c.text) - from; n > c.f.limits.CellBytes {
			return false, c.tooLong(n)
		}
		if len(c.text) > c.f.limits.RowBytes {
			e := tooMuch(CodeRowBytes, len(c.text), c.f.limits.RowBytes)
			e.Cell = cellName(c.record, len(c.ends)+1)
			return false, e
		}
		c.ends = append(c.ends, len(c.text))
		if len(c.ends) > c.f.limits.Columns {
			e := tooMuch(CodeColumns, len(c.ends), c.f.limits.Columns)
			e.Cell = cellName(c.record, 1)
			return false, e
		}
		if last {
			return true, nil
		}
	}
}

func (c *csvReader) tooLong(n int) error {
	e := tooMuch(CodeCellBytes, n, c.f.limits.CellBytes)
	e.Cell = cellName(c.record, len(c.ends)+1)
	return e
}

// field reads one field and what ends it; last is true when that ends the
// record too.
func (c *csvReader) field() (last bool, err error) {
	b, ok, err := c.peek()
	if !ok {
		return true, err
	}
	if b == '"' {
		c.pos++
		return c.quoted()
	}
	from := len(c.text)
	for {
		start := c.pos
		for ; c.pos < c.end; c.pos++ {
			b = c.buf[c.pos]
			if b == c.f.comma || b == '\n' || b == '\r' || b == '"' || b == 0 {
				break
			}
		}
		c.text = append(c.text, c.buf[start:c.pos]...)
		if len(c.text)-from > c.f.limits.CellBytes {
			return false, c.tooLong(len(c.text) - from)
		}
		if c.pos < c.end {
			break
		}
		if _, ok, err = c.peek(); !ok {
			return true, err
		}
	}
	if b == '"' {
		return false, c.fault(CodeQuote, c.line)
	}
	return c.ending()
}

// ending reads what stands after a field.
func (c *csvReader) ending() (last bool, err error) {
	b, ok, err := c.peek()
	if !ok {
		return true, err
	}
	c.pos++
	switch b {
	case c.f.comma:
		return false, nil
	case '\n':
		return true, nil
	case '\r':
		if b, ok, err := c.peek(); err != nil {
			return false, err
		} else if ok && b == '\n' {
			c.pos++
			return true, nil
		}
		// A carriage return alone may end lines, as on old Macs, or be dirt
		// inside a value: which of the two can't be told.
		return false, c.fault(CodeLineEnds, c.line)
	case 0:
		return false, c.fault(CodeNUL, c.line)
	}
	return false, c.fault(CodeQuote, c.line)
}

// quoted reads on after an opening quotation mark.
func (c *csvReader) quoted() (last bool, err error) {
	from, began := len(c.text), c.line
	for {
		b, ok, err := c.peek()
		if err != nil {
			return false, err
		}
		if !ok {
			return false, c.fault(CodeQuote, began)
		}
		start := c.pos
		for ; c.pos < c.end; c.pos++ {
			if b = c.buf[c.pos]; b == '"' || b == 0 {
				break
			}
			if b == '\n' {
				c.line++
			}
		}
		c.text = append(c.text, c.buf[start:c.pos]...)
		if len(c.text)-from > c.f.limits.CellBytes {
			return false, c.tooLong(len(c.text) - from)
		}
		if c.pos == c.end {
			continue
		}
		if b == 0 {
			return false, c.fault(CodeNUL, c.line)
		}
		c.pos++
		if b, ok, err = c.peek(); err != nil {
			return false, err
		} else if ok && b == '"' {
			c.pos++
			c.text = append(c.text, '"')
			continue
		}
		return c.ending()
	}
}
