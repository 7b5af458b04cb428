package cube

import (
	"encoding/json"
	"io"
	"strconv"
	"strings"
)

// WriteJSONStat writes a cube as one dataset of JSON-stat 2.0
// (https://json-stat.org/full/), in its leading language. What the format has
// no word for (grades, notes on single figures, symbols) is in extension.
func WriteJSONStat(w io.Writer, c *Cube) error {
	lang := c.Langs[0]
	d := dataset{Version: "2.0", Class: "dataset", Label: c.Title[lang], Source: strings.Join(c.Sources[lang], " | "), Updated: c.Updated,
		ID: []string{}, Size: c.Size(), Role: map[string][]string{}, Dimension: map[string]dimension{}, Status: map[string]string{},
		Extension: extension{Table: c.ID, Language: lang, Grade: map[string]string{}, Note: map[string]string{}}}
	if r := c.Release[lang]; r != "" {
		d.Note = append(d.Note, r)
	}
	d.Note = append(append(d.Note, c.Measure[lang]), c.Notes[lang]...)
	for _, dim := range c.Dimensions {
		d.ID = append(d.ID, dim.ID)
		if dim.Role != "" {
			d.Role[dim.Role] = append(d.Role[dim.Role], dim.ID)
		}
		d.Dimension[dim.ID] = jsonDimension(dim, lang, c)
	}
	figures := 0
	for i, cell := range c.Cells {
		if cell.Kind == Number {
			figures++
		}
		key := strconv.Itoa(i)
		if cell.Status != "A" {
			d.Status[key] = cell.Status
		}
		if cell.Grade != "" {
			d.Extension.Grade[key] = cell.Grade
		}
		if n := cell.Note[lang]; n != "" {
			d.Extension.Note[key] = n
		}
	}
	d.Value = values(c.Cells, figures)
	for _, n := range c.RowNotes {
		d.Extension.RowNotes = append(d.Extension.RowNotes, keyed(c, n, lang))
	}
	for _, code := range []string{"A", "O", "M", "L", "Q"} {
		d.Extension.Status = append(d.Extension.Status, pair{code, word(lang, "status."+code)})
	}
	for _, s := range c.Symbols[lang] {
		d.Extension.Symbols = append(d.Extension.Symbols, pair{s.Symbol, s.Text})
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(d)
}

// sparseFrom is how many cells a cube has from which its empty ones are left out.
const sparseFrom = 1000

// values is the list of values, or, in a large cube with most of them lacking,
// those that there are by their place: both are forms of the standard.
func values(cells []Cell, figures int) any {
	if len(cells) >= sparseFrom && figures > 0 && figures*2 < len(cells) {
		out := map[string]float64{}
		for i, c := range cells {
			if c.Kind == Number {
				out[strconv.Itoa(i)] = c.Value
			}
		}
		return out
	}
	out := make([]*float64, len(cells))
	for i := range cells {
		if cells[i].Kind == Number {
			out[i] = &cells[i].Value
		}
	}
	return out
}

func jsonDimension(dim Dimension, lang string, c *Cube) dimension {
	out := dimension{Label: dim.Name[lang], Category: category{Index: []string{}, Label: map[string]string{}}}
	for _, cat := range dim.Categories {
		out.Category.Index = append(out.Category.Index, cat.Code)
		out.Category.Label[cat.Code] = cat.Label[lang]
		if n := cat.Note[lang]; n != "" {
			if out.Category.Note == nil {
				out.Category.Note = map[string][]string{}
			}
			out.Category.Note[cat.Code] = []string{n}
		}
		if dim.Role == "metric" {
			if out.Category.Unit == nil {
				out.Category.Unit = map[string]unit{}
			}
			out.Category.Unit[cat.Code] = unit{c.Measure[lang], c.decimals()}
		}
	}
	return out
}

func keyed(c *Cube, n KeyNote, lang string) rowNote {
	out := rowNote{Key: map[string]string{}, Note: n.Text[lang]}
	for i, at := range n.At {
		if at >= 0 {
			out.Key[c.Dimensions[i].ID] = c.Dimensions[i].Categories[at].Code
		}
	}
	return out
}

// maxDecimals are shown of a figure with a fraction: shares and rates.
const maxDecimals = 6

// decimals is the number of decimals that the figures need.
func (c *Cube) decimals() int {
	most := 0
	for _, cell := range c.Cells {
		if cell.Kind != Number {
			continue
		}
		if _, after, ok := strings.Cut(plainNumber(cell.Value), "."); ok {
			most = max(most, len(after))
		}
	}
	return min(most, maxDecimals)
}

func plainNumber(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

type dataset struct {
	Version   string               `json:"version"`
	Class     string               `json:"class"`
	Label     string               `json:"label"`
	Source    string               `json:"source,omitempty"`
	Updated   string               `json:"updated,omitempty"`
	Note      []string             `json:"note,omitempty"`
	ID        []string             `json:"id"`
	Size      []int                `json:"size"`
	Role      map[string][]string  `json:"role"`
	Dimension map[string]dimension `json:"dimension"`
	Value     any                  `json:"value"`
	Status    map[string]string    `json:"status,omitempty"`
	Extension extension            `json:"extension"`
}

type dimension struct {
	Label    string   `json:"label"`
	Category category `json:"category"`
}

type category struct {
	Index []string            `json:"index"`
	Label map[string]string   `json:"label"`
	Note  map[string][]string `json:"note,omitempty"`
	Unit  map[string]unit     `json:"unit,omitempty"`
}

type unit struct {
	Label    string `json:"label"`
	Decimals int    `json:"decimals"`
}

// extension is ours: what JSON-stat leaves to each provider.
type extension struct {
	Table    string            `json:"table"`
	Language string            `json:"language"`
	Status   []pair            `json:"status"`
	Symbols  []pair            `json:"symbols,omitempty"`
	Grade    map[string]string `json:"grade,omitempty"` // by place, as status
	Note     map[string]string `json:"note,omitempty"`  // by place, as status
	RowNotes []rowNote         `json:"rowNotes,omitempty"`
}

type pair struct {
	Code  string `json:"code"`
	Label string `json:"label"`
}

type rowNote struct {
	Key  map[string]string `json:"key"`
	Note string            `json:"note"`
}
