package microdata

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"

	"github.com/oas/tipstat/transform/record"
)

// WriteCSV writes a line for each row, sorted by the codes.
func (r *Release) WriteCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	if err := out.Write(r.Columns); err != nil {
		return err
	}
	for _, row := range r.Rows {
		codes := make([]string, len(row.Codes))
		for i, c := range row.Codes { // codes of a workspace's own lists are anybody's
			codes[i] = record.Harmless(c)
		}
		for range row.N {
			if err := out.Write(codes); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}

// metadata is what goes beside the file, as "Metadata Vocabulary for Tabular
// Data" (W3C Recommendation, 17 December 2015) has it: section 5.1 lets a file
// be described by FILE-metadata.json.
type metadata struct {
	Context string  `json:"@context"`
	URL     string  `json:"url"`
	Title   string  `json:"dc:title"`
	About   string  `json:"dc:description"`
	Schema  schema  `json:"tableSchema"`
	Notes   []notes `json:"notes"`
}

type schema struct {
	Columns []described `json:"columns"`
}

type described struct {
	Name     string `json:"name"`
	Titles   string `json:"titles"`
	Title    string `json:"dc:title"`
	List     string `json:"dc:source,omitempty"`
	Datatype string `json:"datatype"`
	Null     string `json:"null,omitempty"`
}

// notes are the parameters, and of the loss what the file shows anyway: how many
// rows were dropped is not told, they may be few.
type notes struct {
	Method  string   `json:"method"`
	Policy  Policy   `json:"policy"`
	States  []string `json:"states,omitempty"`
	Years   string   `json:"years,omitempty"`
	AsOf    string   `json:"as_of,omitempty"`
	Rows    int      `json:"rows"`
	Sets    int      `json:"combinations"`
	Least   int      `json:"smallest"`
	Penalty float64  `json:"penalty"`
	Columns []lost   `json:"columns"`
}

type lost struct {
	Column   string  `json:"column"`
	Withheld int     `json:"withheld"`
	Penalty  float64 `json:"penalty"`
}

const (
	title  = "Case rows of trafficking in persons, k-anonymous"
	method = "k-anonymity by local recoding: the generalisation lattice (Samarati 2001) walked from what loses least, what is the same k times published at each step; penalty is the normalized certainty penalty (Xu et al. 2006)"
	about  = "One line is one case row, reduced to codes. Every combination of codes stands here %d times or more. c: withheld; a region or an age band may be coarser than reported; _U: unknown to the source; _T: the source does not tell; a period such as 2020-01-01/P5Y: so many years from that day. One person may stand in several rows. The order says nothing."
)

// WriteMetadata writes what goes beside the file: its columns, the parameters
// and the loss. It holds no time: the same rows give the same bytes.
func (r *Release) WriteMetadata(w io.Writer, file, asOf string) error {
	n := notes{Method: method, Policy: r.Policy, States: r.Params.States, AsOf: asOf, Rows: r.Loss.RowsOut,
		Sets: r.Loss.Combinations, Least: r.Loss.Smallest, Penalty: hundredths(r.Loss.Penalty)}
	if r.Params.FromYear > 0 {
		n.Years = fmt.Sprintf("%d-%d", r.Params.FromYear, r.Params.ToYear)
	}
	m := metadata{Context: "http://www.w3.org/ns/csvw", URL: file, Title: title, About: fmt.Sprintf(about, r.Policy.K)}
	for i, id := range r.Columns {
		c, err := componentOf(id)
		if err != nil {
			return err
		}
		d := described{Name: id, Titles: id, Title: c.Name["en"], List: c.Codelist, Datatype: "string"}
		if i >= len(r.Policy.Unit) {
			l := r.Loss.Columns[i-len(r.Policy.Unit)]
			n.Columns = append(n.Columns, lost{id, l.Withheld, hundredths(l.Penalty)})
			d.Null = Withheld
		}
		m.Schema.Columns = append(m.Schema.Columns, d)
	}
	m.Notes = []notes{n}
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	out.SetEscapeHTML(false)
	return out.Encode(m)
}

func hundredths(x float64) float64 { return math.Round(x*100) / 100 }
