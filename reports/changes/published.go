package changes

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/oas/tipstat/reports"
	"github.com/oas/tipstat/reports/table"
)

// Names of what a pack holds beside its documents.
const (
	ManifestName = "pack.json"
	DataFolder   = "data"
)

// Manifest is what a pack says of itself.
type Manifest struct {
	Title   string   `json:"title"`
	Meeting string   `json:"meeting,omitempty"`
	Lang    string   `json:"lang"`
	Years   string   `json:"years,omitempty"`   // 2019-2024; empty: the last with figures
	States  []string `json:"states,omitempty"`  // empty: all of the OAS
	Without []string `json:"without,omitempty"` // tables that were left out
	AsOf    string   `json:"as_of,omitempty"`   // the day as of which it was made
	On      string   `json:"on,omitempty"`      // the day of the treaties' status
	Since   string   `json:"since,omitempty"`
	// Control is the disclosure control that its figures passed; none is a pack that
	// was not for publication.
	Control string `json:"control"`
	// Received is the day of the newest submission that the pack could draw on,
	// Submission its place in the order of acceptance (submission.seq).
	Received   string `json:"received,omitempty"`
	Submission int64  `json:"submission"`
	Tipstat    string `json:"tipstat"` // the version that made it
	// Rounding says how figures of persons were rounded; nil: not at all.
	Rounding *table.Rounding `json:"rounding,omitempty"`
}

// Published is a pack as its folder tells of it.
type Published struct {
	Manifest Manifest
	tables   map[string][]byte // the csv of each, by its id
}

// data are the figures of one table, by key, in the order of the table.
type data struct {
	head  []string
	order []string
	by    map[string]figure
}

// figure is one line of a table's csv.
type figure struct {
	kind, area          string
	line                int    // of the row, its place in the table
	series              string // what the row is of, by codes
	layout              string
	row, column         []string // labels; the State's own is not among those of the row, the year is among the column's
	label               string   // of the area
	rowCodes            string
	columnCodes         string
	year                string // REF_YEAR, where the table has it
	text                string // of a cell of words
	state               string // of a cell of words; of a treaty what the State is, and since when
	value, lower, upper *float64
	status, grade       string
	ids                 []int64 // observations behind it
	submission          string
	remarks             []string // its senders' words, of a figure as it is now
}

func (f figure) known() bool { return f.value != nil || f.lower != nil || f.upper != nil }

// withheld tells whether the table said that there is a figure, and not which.
func (f figure) withheld() bool { return !f.known() && f.status == "Q" }

// said tells whether the table said anything there but that nothing is known.
func (f figure) said() bool { return f.known() || f.state != "" || f.withheld() }

// from tells whether an observation of the submission stands behind the figure.
func (f figure) from(seq int64) bool {
	return slices.ContainsFunc(f.ids, func(id int64) bool { return id/obsPerSubmission == seq })
}

// Read reads the folder of a pack. An error names the file and says what to do.
func Read(fsys fs.FS) (*Published, error) {
	b, err := fs.ReadFile(fsys, ManifestName)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: no such file: name the folder that tipstat report pack wrote, or make the old pack again with --as-of", ManifestName)
	}
	if err != nil {
		return nil, err
	}
	p := &Published{tables: map[string][]byte{}}
	if err := json.Unmarshal(b, &p.Manifest); err != nil {
		return nil, fmt.Errorf("%s: %w", ManifestName, err)
	}
	names, err := fs.Glob(fsys, DataFolder+"/*.csv")
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("%s: no csv files: the pack is not whole; make it again with --as-of", DataFolder)
	}
	for _, name := range names {
		b, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		p.tables[strings.TrimSuffix(path.Base(name), ".csv")] = b
	}
	return p, nil
}

// of gives the figures of a table as they were published, in the words of now
// where codes are the same; none if it was not in the pack, or was made of
// other concepts, by which no figure is the same.
func (p *Published) of(t *table.Table, now *data, labels map[string]string) (*data, error) {
	b := p.tables[t.ID]
	if b == nil {
		return nil, nil
	}
	d, err := parse(bytes.NewReader(b), len(t.Levels), labels)
	if err != nil {
		return nil, fmt.Errorf("%s/%s.csv: %w", DataFolder, t.ID, err)
	}
	if !slices.Equal(d.head, now.head) {
		return nil, nil
	}
	return d, nil
}

// taken gives a table as it would be published, and adds its labels by column and code.
func taken(t *table.Table, labels map[string]string) (*data, error) {
	var b bytes.Buffer
	if err := reports.WriteCSV(&b, t); err != nil {
		return nil, err
	}
	d, err := parse(&b, len(t.Levels), nil)
	if err != nil {
		return nil, err
	}
	remarks := map[string]string{}
	for _, n := range t.Notes {
		if n.Kind == "remark" {
			remarks[n.Mark] = n.Text
		}
	}
	at := 0 // the figures of data stand in the order of the cells
	for _, r := range t.Rows {
		for _, c := range r.Cells {
			f := d.by[d.order[at]]
			for _, m := range slices.Concat(r.Marks, c.Marks) {
				if text, ok := remarks[m]; ok {
					f.remarks = append(f.remarks, text)
				}
			}
			d.by[d.order[at]] = f
			at++
		}
		if r.Kind == table.CoveredRow { // has the code of its total
			continue
		}
		for i, l := range r.Stub {
			labels[t.Stub[i].Codes[0]+"|"+l.Code] = l.Name
		}
	}
	for _, h := range t.Columns {
		for i, code := range h.Codes {
			labels[t.Levels[i]+"|"+code] = h.Labels[i]
		}
	}
	return d, nil
}

// obsPerSubmission is how obs_id holds the submission's place (TABLES.md).
const obsPerSubmission = 100_000_000

// parse reads the csv of a table whose columns have so many levels. Labels, by
// column and code, stand in place of its own.
func parse(r io.Reader, levels int, labels map[string]string) (*data, error) {
	in, err := reports.ReadCSV(r, "grade", "derivation", "submission_id")
	if err != nil {
		return nil, err
	}
	head := in.Head
	shown, _ := in.At("shown")
	behind, _ := in.At("obs_ids") // what tells series apart beside the stub
	first := shown - 2*levels     // of the columns' codes and labels, which stand behind the row's
	if first < 2 {
		return nil, fmt.Errorf("its columns have fewer levels than the table has now")
	}
	d := &data{head: head, by: map[string]figure{}}
	row, met := -1, map[string]bool{}
	last := figure{}
	for _, rec := range in.Lines {
		f := figure{kind: in.Get(rec, "row_kind"), text: in.Get(rec, "shown"), status: in.Get(rec, "OBS_STATUS"), grade: in.Get(rec, "grade"),
			submission: in.Get(rec, "submission_id")}
		series := []string{f.kind}
		for _, i := range in.Codes() {
			code, label := rec[i], rec[i+1]
			if l, ok := labels[head[i]+"|"+code]; ok {
				label = l
			}
			if i < first {
				series = append(series, code)
			}
			if head[i] == "REF_YEAR" {
				f.year = code
			}
			switch {
			case i >= first || head[i] == "REF_YEAR": // the year tells figures apart wherever it stands
				f.column, f.columnCodes = append(f.column, label), f.columnCodes+"|"+code
			case head[i] == "REF_AREA":
				f.area, f.label = code, label
			default:
				if head[i] == "SOURCE_AGENCY" {
					label = code
				}
				f.rowCodes += "|" + code
				if label != "" {
					f.row = append(f.row, label)
				}
			}
		}
		for i := behind + 1; i < len(rec); i++ {
			if head[i] == "layout" {
				f.layout = rec[i]
			} else {
				series = append(series, rec[i])
			}
		}
		f.series = strings.Join(series, "|")
		for name, to := range map[string]**float64{"OBS_VALUE": &f.value, "LOWER_BOUND": &f.lower, "UPPER_BOUND": &f.upper} {
			if *to, err = in.Number(rec, name); err != nil {
				return nil, err
			}
		}
		if f.text != "" && f.status == "A" { // words, of which a treaty's have a state and its day
			f.state = strings.TrimSpace("said " + in.Get(rec, "derivation") + " " + in.Get(rec, "TIME_PERIOD"))
		}
		if f.ids, err = in.ObsIDs(rec); err != nil {
			return nil, err
		}
		if row < 0 || f.series != last.series || f.layout != last.layout || met[f.columnCodes] {
			row, met = row+1, map[string]bool{}
		}
		met[f.columnCodes], f.line, last = true, row, f
		d.order, d.by[f.key()] = append(d.order, f.key()), f
	}
	return d, nil
}
