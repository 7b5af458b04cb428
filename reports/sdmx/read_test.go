package sdmx

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/reports/table"
)

// row is an observation as a receiver reads it: what is said, by component.
type row map[string]string

// key is the SDMX key of a row.
func (r row) key(d *design) string {
	var parts []string
	for _, id := range d.DimensionIDs {
		parts = append(parts, r[id])
	}
	return strings.Join(parts, ".")
}

// readCSV, readXML, readGeneric and readJSON read the data as the standards say, without
// the code that wrote them.
func readCSV(t testing.TB, b []byte) []row {
	t.Helper()
	of := 3 // columns of SDMX-CSV 2.0 that say what a line is
	if bytes.HasPrefix(b, []byte("DATAFLOW,")) {
		of = 1
	}
	lines, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []row
	for _, line := range lines[1:] {
		r := row{}
		for i, s := range line {
			if i >= of && s != "" {
				r[lines[0][i]] = s
			}
		}
		out = append(out, r)
	}
	return out
}

func readXML(t testing.TB, b []byte) []row {
	t.Helper()
	var m struct {
		Series []struct {
			Attrs []xml.Attr `xml:",any,attr"`
			Obs   []struct {
				Attrs []xml.Attr `xml:",any,attr"`
			} `xml:"Obs"`
		} `xml:"DataSet>Series"`
	}
	if err := xml.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	var out []row
	for _, s := range m.Series {
		for _, o := range s.Obs {
			r := row{}
			for _, a := range append(s.Attrs[:len(s.Attrs):len(s.Attrs)], o.Attrs...) {
				r[a.Name.Local] = a.Value
			}
			out = append(out, r)
		}
	}
	return out
}

func readGeneric(t testing.TB, b []byte) []row {
	t.Helper()
	type value struct {
		ID    string `xml:"id,attr"`
		Value string `xml:"value,attr"`
	}
	var m struct {
		Series []struct {
			Key []value `xml:"SeriesKey>Value"`
			Obs []struct {
				Dimension  value   `xml:"ObsDimension"`
				Value      *value  `xml:"ObsValue"`
				Attributes []value `xml:"Attributes>Value"`
			}
		} `xml:"DataSet>Series"`
	}
	if err := xml.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	var out []row
	for _, s := range m.Series {
		for _, o := range s.Obs {
			r := row{}
			for _, v := range append(append(s.Key[:len(s.Key):len(s.Key)], o.Dimension), o.Attributes...) {
				r[v.ID] = v.Value
			}
			if o.Value != nil {
				r["OBS_VALUE"] = o.Value.Value
			}
			out = append(out, r)
		}
	}
	return out
}

func readJSON(t testing.TB, b []byte) map[string]row {
	t.Helper()
	type described struct {
		ID     string
		Values []struct{ ID, Value string }
	}
	var m struct {
		Data struct {
			Structures []struct {
				Dimensions struct{ Series, Observation []described }
				Measures   struct{ Observation []described }
				Attributes struct{ Observation []described }
			}
			DataSets []struct {
				Series map[string]struct{ Observations map[string][]any }
			}
		}
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber()
	if err := dec.Decode(&m); err != nil {
		t.Fatal(err)
	}
	at := func(c described, v any) string {
		if v == nil {
			return ""
		}
		s := fmt.Sprint(v)
		if len(c.Values) == 0 {
			return s
		}
		var i int
		if _, err := fmt.Sscan(s, &i); err != nil {
			t.Fatalf("%s: index %q", c.ID, s)
		}
		return c.Values[i].ID + c.Values[i].Value
	}
	d := loadedDesign(t)
	out := map[string]row{}
	s := m.Data.Structures[0]
	for key, series := range m.Data.DataSets[0].Series {
		for time, values := range series.Observations {
			r := row{}
			for i, index := range strings.Split(key, ":") {
				r[s.Dimensions.Series[i].ID] = at(s.Dimensions.Series[i], index)
			}
			r[s.Dimensions.Observation[0].ID] = at(s.Dimensions.Observation[0], time)
			for i, v := range values {
				c := append(s.Measures.Observation[:1:1], s.Attributes.Observation...)[i]
				if said := at(c, v); v != nil {
					r[c.ID] = said
				}
			}
			if out[r.key(d)] != nil {
				t.Errorf("key %s twice", r.key(d))
			}
			out[r.key(d)] = r
		}
	}
	return out
}

func loadedDesign(t testing.TB) *design {
	t.Helper()
	d, err := loadDesign()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestFormatsAgree: the three formats say the same of the same keys, each once.
func TestFormatsAgree(t *testing.T) {
	d := loadedDesign(t)
	all := messages(t, made(t, fixture(t, hostile), table.Params{}))
	byKey := func(rows []row) map[string]row {
		out := map[string]row{}
		for _, r := range rows {
			if out[r.key(d)] != nil {
				t.Errorf("key %s twice", r.key(d))
			}
			out[r.key(d)] = r
		}
		return out
	}
	inCSV, inXML, inJSON := byKey(readCSV(t, all["data.csv"])), byKey(readXML(t, all["data.xml"])), readJSON(t, all["data.json"])
	if len(inCSV) < 50 {
		t.Errorf("only %d observations", len(inCSV))
	}
	for _, r := range inCSV { // what a spreadsheet could take for a formula has an apostrophe there
		for id, s := range r {
			if rest, ok := strings.CutPrefix(s, "'"); ok {
				r[id] = rest
			}
		}
	}
	for k, r := range inXML {
		if d := cmp.Diff(inJSON[k], r); d != "" {
			t.Errorf("%s: JSON and XML (-json +xml):\n%s", k, d)
		}
	}
	for _, r := range inJSON { // and no line breaks, as in all csv of ours
		for id, s := range r {
			r[id] = strings.NewReplacer("\n", " ", "\t", " ").Replace(s)
		}
	}
	if d := cmp.Diff(inJSON, inCSV); d != "" {
		t.Errorf("JSON and csv (-json +csv):\n%s", d)
	}
}

// FuzzAttribute: whatever a sender wrote comes out of the XML as it went in, but for
// what XML can't hold.
func FuzzAttribute(f *testing.F) {
	for _, s := range []string{"", "a", `<&>"'`, "two\nlines\t", "año ☃", "\x00", "]]>", "\r\n", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var b bytes.Buffer
		x := newWriter(&b)
		x.put("<a")
		x.attribute("b", s)
		x.put("/>")
		if err := x.flush(); err != nil {
			t.Fatal(err)
		}
		var got struct {
			B string `xml:"b,attr"`
		}
		if err := xml.Unmarshal(b.Bytes(), &got); err != nil {
			t.Fatalf("%q: %v", b.String(), err)
		}
		want := strings.Map(func(r rune) rune {
			if r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xd7ff || r >= 0xe000 && r <= 0xfffd || r >= 0x10000 {
				return r
			}
			return '\ufffd'
		}, strings.ToValidUTF8(s, "\ufffd"))
		if len(strings.ToValidUTF8(s, "")) == len(s) && got.B != want {
			t.Errorf("%q became %q", s, got.B)
		}
	})
}
