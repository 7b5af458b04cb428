package audit

import (
	"math"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/oas/tipstat/transform/record"
)

// File says of a published file what its rows do not say.
type File struct {
	Name   string
	Agency string // who publishes it
	Layout string
	Adds   bool // figures with the same codes are parts of one
}

// figureColumns are those of a batch that are no dimension of a Key.
const (
	colSheet, colCell, colPlace  = "sheet", "cell", "area_detail"
	colValue, colLower, colUpper = "OBS_VALUE", "LOWER_BOUND", "UPPER_BOUND"
	colStatus, colConf, colUnit  = "OBS_STATUS", "CONF_STATUS", "UNIT_MEASURE"
)

// confidential is the code of CL_CONF_STATUS for what is withheld.
const confidential = "C"

const population = "POPULATION"

// Population gives the key of a State's population, whoever counted it.
func Population(area, period string) Key {
	k := NewKey()
	k[RefArea], k[Indicator], k[TimePeriod] = area, population, period
	return k
}

// Figures adds the figures of a batch of record.KindFigure, as a layout read them
// of a published file, to what was published there. A figure that is missing and
// not withheld is no cell.
func (p *Published) Figures(batch arrow.RecordBatch, f File) {
	text, number := map[string]*array.String{}, map[string]*array.Float64{}
	for i, field := range batch.Schema().Fields() {
		switch c := batch.Column(i).(type) {
		case *array.String:
			text[field.Name] = c
		case *array.Float64:
			number[field.Name] = c
		}
	}
	at := map[Key]int{} // position in Cells, where figures are added up
	if f.Adds {
		for i, c := range p.Cells {
			at[c.Key] = i
		}
	}
	for i := range int(batch.NumRows()) {
		c := Cell{Key: NewKey(), Whole: text[colUnit].Value(i) == "NUMBER", Place: record.Place{File: f.Name, Sheet: text[colSheet].Value(i), Cell: text[colCell].Value(i)}}
		for d, name := range Names {
			if col := text[name]; col != nil {
				c.Key.Set(Names[d], col.Value(i))
			}
		}
		c.Key.Set(Names[AreaDetail], text[colPlace].Value(i))
		c.Key[Agency], c.Key[Layout] = f.Agency, f.Layout
		if c.Key[Indicator] == population {
			c.Key = Population(c.Key[RefArea], c.Key[TimePeriod])
		}
		value := func(name string) float64 {
			if number[name].IsNull(i) {
				return math.NaN()
			}
			return number[name].Value(i)
		}
		if !c.Fill(value(colValue), value(colLower), value(colUpper), text[colStatus].Value(i), text[colConf].Value(i)) {
			continue
		}
		if j, ok := at[c.Key]; ok {
			o := &p.Cells[j]
			o.Lower, o.Upper, o.Hidden = o.Lower+c.Lower, o.Upper+c.Upper, o.Hidden || c.Hidden
			continue
		}
		if f.Adds {
			at[c.Key] = len(p.Cells)
		}
		p.Cells = append(p.Cells, c)
	}
}

// Fill puts what is printed into a cell, NaN for what is not; false if that is
// nothing at all.
func (c *Cell) Fill(value, lower, upper float64, status, confidentiality string) bool {
	c.Lower, c.Upper = NoBounds()
	withheld := status == string(record.Suppressed) || confidentiality == confidential
	switch {
	case !math.IsNaN(value):
		c.Lower, c.Upper = value, value
		return true
	case math.IsNaN(lower) && math.IsNaN(upper) && !withheld:
		return false
	}
	if !math.IsNaN(lower) {
		c.Lower = lower
	}
	if !math.IsNaN(upper) {
		c.Upper = upper
	}
	c.Lower, c.Upper = min(c.Lower, c.Upper), max(c.Lower, c.Upper)
	c.Hidden = withheld && c.Lower < c.Upper
	return true
}
