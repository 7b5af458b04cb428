package oracle_test

import (
	"cmp"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/oas/tipstat/transform/record"
)

// sample is a file that is read by all.
type sample struct {
	name   string
	format string // xlsx where empty
	data   []byte
	traits map[string]bool   // what is unusual in it, as its maker says
	how    string            // how it was damaged
	source map[string]string // the XML of its cells, where known, by sheet!A1
}

// What a reader and ours differ in.
const (
	refuses = "refuses" // it refuses the file, ours doesn't
	sheets  = "sheets"  // it has other sheets
	lacks   = "lacks"   // it has no such cell, ours has
	has     = "has"     // it has a cell that ours hasn't
	other   = "other"   // it has another value
)

// difference is one thing that a reader gives otherwise than ours.
type difference struct {
	reader       string
	what         string
	file         *sample
	sheet        string
	row, col     int
	ours, theirs value
	err          string
}

// place tells where it is and of what kinds, and shows no text.
func (d *difference) place() string {
	at := d.file.name + " " + d.sheet
	if d.row > 0 && d.col > 0 {
		at += " " + record.CellName(d.row, d.col)
	}
	s := at + ": " + d.reader + " " + d.what
	if d.what == other {
		s += ": " + string(cmp.Or(d.theirs.kind, "something")) + " where ours has " + string(d.ours.kind)
	}
	return s
}

// compare gives each difference between ours and theirs to tell, and counts in
// agreed, which has a number for each cell of ours, the cells that are the same.
func compare(s *sample, reader string, us, them book, agreed [][]int, tell func(*difference)) {
	if them.err != nil {
		tell(&difference{reader: reader, what: refuses, file: s, err: them.err.Error()})
		return
	}
	theirs := map[string]*tab{}
	for i := range them.tabs {
		theirs[them.tabs[i].name] = &them.tabs[i]
	}
	found := 0
	for i := range us.tabs {
		u := &us.tabs[i]
		t := theirs[u.name]
		if t == nil {
			tell(&difference{reader: reader, what: sheets, file: s, sheet: u.name})
			continue
		}
		found++
		compareTab(s, reader, u, t, agreed[i], tell)
	}
	if found < len(them.tabs) {
		tell(&difference{reader: reader, what: sheets, file: s})
	}
}

func compareTab(s *sample, reader string, us, them *tab, agreed []int, tell func(*difference)) {
	at := func(c cell) int { return c.row<<20 + c.col }
	j := 0
	differ := func(what string, c cell, ours, theirs value) {
		tell(&difference{reader: reader, what: what, file: s, sheet: us.name, row: c.row, col: c.col, ours: ours, theirs: theirs})
	}
	for i, c := range us.cells {
		for ; j < len(them.cells) && at(them.cells[j]) < at(c); j++ {
			differ(has, them.cells[j], value{}, them.cells[j].value)
		}
		if j == len(them.cells) || at(them.cells[j]) != at(c) {
			differ(lacks, c, c.value, value{})
			continue
		}
		if same(c.value, them.cells[j].value) {
			agreed[i]++
		} else {
			differ(other, c, c.value, them.cells[j].value)
		}
		j++
	}
	for ; j < len(them.cells); j++ {
		differ(has, them.cells[j], value{}, them.cells[j].value)
	}
}

// same tells whether a value of another reader is the one that ours gives:
// texts to the byte, numbers to 15 significant digits, dates to a millisecond.
// Where the reader tells the kind, that must be the same too.
func same(us, them value) bool {
	if them.kind != anyKind && them.kind != us.kind {
		return false
	}
	switch us.kind {
	case number:
		n := them.num
		if them.kind == anyKind {
			n = plain(them.text)
		}
		return digits15(us.num) == digits15(n)
	case boolean:
		return us.text == them.text || them.kind == anyKind && (them.text == "1" && us.num == 1 || them.text == "0" && us.num == 0 || strings.EqualFold(them.text, us.text))
	case date:
		return sameDate(us, them)
	}
	return us.text == them.text
}

func digits15(n float64) string {
	if n == 0 {
		return "0"
	}
	return strconv.FormatFloat(n, 'e', 14, 64)
}

// plain reads a number as programs that don't say what it is write it: 25%,
// 36:00:00 for one and a half days.
func plain(s string) float64 {
	if p, ok := strings.CutSuffix(s, "%"); ok {
		return plain(p) / 100
	}
	if n, err := strconv.ParseFloat(s, 64); err == nil {
		return n
	}
	rest, neg := strings.CutPrefix(s, "-")
	f := strings.Split(rest, ":")
	if len(f) != 3 {
		return math.NaN()
	}
	days := 0.0
	for i, unit := range []float64{24, 24 * 60, 24 * 60 * 60} {
		n, err := strconv.ParseFloat(f[i], 64)
		if err != nil {
			return math.NaN()
		}
		days += n / unit
	}
	if neg {
		days = -days
	}
	return days
}

const millisecond = 1.0 / (24 * 60 * 60 * 1000)

// sameDate compares what the other reader gives: the serial, the date, or both.
func sameDate(us, them value) bool {
	if them.kind == anyKind {
		if n := plain(them.text); !math.IsNaN(n) && math.Abs(n-us.num) < millisecond {
			return true
		}
		return sameInstant(us.text, them.text)
	}
	if !math.IsNaN(them.num) && !(math.Abs(them.num-us.num) < 1.1*millisecond) {
		return false
	}
	if them.text == "" {
		return !math.IsNaN(them.num)
	}
	return sameInstant(us.text, them.text)
}

// sameInstant compares dates as ours and the others write them. LibreOffice
// writes day and month in the order of the cell's language, and cuts off what is
// less than a second.
func sameInstant(us, them string) bool {
	for _, a := range instants(us, time.Millisecond) {
		for _, b := range instants(them, time.Second) {
			if d := a.at.Sub(b.at); d.Abs() <= b.unit {
				return true
			}
		}
	}
	return false
}

type instant struct {
	at   time.Time
	unit time.Duration // how exactly it is said
}

// instants reads a date, a time or both, in all ways in which it can be read. A
// bare time is on the day before the first one, as most programs have it.
func instants(s string, unit time.Duration) (all []instant) {
	if !strings.Contains(s, "/") && !strings.Contains(s, " ") {
		unit = time.Millisecond
	}
	for _, layout := range []string{
		"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02", "15:04:05", "03:04:05 PM",
		"01/02/2006 15:04:05", "02/01/2006 15:04:05", "01/02/2006", "02/01/2006",
	} {
		if t, err := time.Parse(layout, s); err == nil {
			if t.Year() == 0 {
				t = t.AddDate(1899, 11, 29)
			}
			all = append(all, instant{t, unit})
		}
	}
	return all
}

// xml is the XML of the cell with its number format, where it is known.
func (d *difference) xml() string {
	if d.row < 1 || d.col < 1 {
		return ""
	}
	return d.file.source[d.sheet+"!"+record.CellName(d.row, d.col)]
}
