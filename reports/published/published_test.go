package published

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	_ "github.com/oas/tipstat/testdata/machinecode"
	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/disclosure/audit"
)

// TestTables: tables.yaml knows every table of the catalogue, in codes that exist,
// and what is derived says of what.
func TestTables(t *testing.T) {
	k, err := load()
	if err != nil {
		t.Fatal(err)
	}
	set, err := codelist.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	indicators, _ := set.List("CL_INDICATOR")
	check := func(id string, codes map[string]string) {
		for concept, code := range codes {
			key := audit.NewKey()
			if !key.Set(concept, code) {
				t.Errorf("%s: %s is no dimension of a cell", id, concept)
			}
			if _, ok := indicators.Code(code); concept == "INDICATOR" && !ok && code != "" && code != "population" {
				t.Errorf("%s: no indicator %s", id, code)
			}
		}
	}
	for id, s := range k.specs {
		m, ok := k.meanings[id]
		if !ok {
			t.Errorf("tables.yaml does not say what %s counts: an audit would not join it to the other tables", id)
		}
		derived := s.Derive != nil && s.Derive.As != "sum"
		if says := m.Rest != nil || m.Steps != nil; derived != says {
			t.Errorf("%s: derived %v, and tables.yaml says of what: %v", id, derived, says)
		}
		if sum := s.Derive != nil && s.Derive.As == "sum"; sum != (m.Flow != "") {
			t.Errorf("%s: a sum %v, flow %q", id, sum, m.Flow)
		}
		for _, c := range s.Cells {
			if of := m.Cells[c.Column]; m.Cells != nil && c.As == "difference" && fmt.Sprint(of) != fmt.Sprint(c.Of) {
				t.Errorf("%s: %s is the difference of %v, tables.yaml says %v", id, c.Column, c.Of, of)
			}
		}
		check(id, m.Codes)
		check(id, m.Of)
		check(id, m.Rest)
		for _, step := range m.Steps {
			check(id, step.Of)
			check(id, step.Rest)
		}
	}
	for id := range k.meanings {
		if _, ok := k.specs[id]; !ok && id != "changes" {
			t.Errorf("tables.yaml knows %s, the catalogue does not", id)
		}
	}
}

const end = "shown,OBS_VALUE,LOWER_BOUND,UPPER_BOUND,OBS_STATUS,notes,TIME_PERIOD,n_missing,obs_ids,layout,VICTIM_STATUS"

func TestRead(t *testing.T) {
	const stub = "table,row_kind,REF_AREA,REF_AREA_label,SOURCE_AGENCY,SOURCE_AGENCY_label,COUNTING_UNIT,COUNTING_UNIT_label,REF_YEAR,REF_YEAR_label,"
	const hnd = ",series,HND,Honduras,MP,Ministry,PERSON,Persons,2024,2024,"
	for name, tc := range map[string]struct {
		csv   []string
		cells []string // key without what all have: bounds
		rels  []string
		notes int
	}{
		"figures": {csv: []string{stub + end,
			"victims" + hnd + ",12,12,12,A,,2024,0,7,own,IDENTIFIED",
			"victims" + hnd + ",,,,Q,revised from 14 in 2023,2024,0,8,own,PRESUMED",
			"victims" + hnd + ",,,,O,,2024,0,9,own,DETECTED",
			"victims,absent,BRA,Brazil,,,,,2024,2024,,,,,O,,,0,,,",
			"victims,covered,_T,States added,,,,,2024,2024,,3,3,3,A,,,0,,,"},
			cells: []string{"#7 12–12 IDENTIFIED own", "#8 0–+Inf hidden PRESUMED own", "#9 0–+Inf DETECTED own"}, notes: 1},
		"a total of States": {csv: []string{stub + end, "victims,total,_T,Total,,,PERSON,Persons,2024,2024,,40,40,40,A,,,0,7 8 9,,"},
			cells: []string{"#-1 40–40  "}, rels: []string{"0 ≤ #7 + #8 + #9 - #-1 ≤ 0"}},
		"a share with one decimal": {csv: []string{stub + end, "children-share" + hnd + ",33.3,33.3,33.3,A,,2024,0,7 8,own,IDENTIFIED"},
			rels: []string{"0 ≤ 66.75#7 - 33.25#8 ≤ +Inf", "0 ≤ -66.65#7 + 33.35#8 ≤ +Inf"}},
		"a share that is a range": {csv: []string{stub + end, "children-share" + hnd + ",,20,,A,,2024,0,7 8,own,IDENTIFIED"},
			rels: []string{"0 ≤ 80.05#7 - 19.95#8 ≤ +Inf"}},
		"a change": {csv: []string{stub + end, "victims-change" + hnd + ",50,50,50,A,,2024,0,7 8,own,IDENTIFIED"},
			rels: []string{"0 ≤ 100#7 - 149.95#8 ≤ +Inf", "0 ≤ -100#7 + 150.05#8 ≤ +Inf"}},
		"a rate": {csv: []string{stub + end, "rates-population" + hnd + ",1.25,1.25,1.25,A,,2024,0,7 99,own,IDENTIFIED"},
			rels: []string{"0 ≤ 100000#7 - 1.245POPULATION ≤ +Inf", "0 ≤ -100000#7 + 1.255POPULATION ≤ +Inf"}},
		"a hidden share tells nothing": {csv: []string{stub + end, "children-share" + hnd + ",,,,Q,,2024,0,7 8,own,IDENTIFIED"}},
		"own citizens and others": {csv: []string{stub + "FLOW,FLOW_label," + end,
			"citizens" + hnd + "_T,Total,,12,12,12,A,,2024,0,1,own,IDENTIFIED",
			"citizens" + hnd + "CROSS_BORDER,Others,,9,9,9,A,,2024,0,2 3,own,IDENTIFIED"},
			cells: []string{"#1 12–12 IDENTIFIED own/FLOW", "#0 9–9 IDENTIFIED own/FLOW"}, rels: []string{"0 ≤ #2 + #3 - own/FLOW ≤ 0"}},
		"others of whom some are withheld": {csv: []string{stub + "FLOW,FLOW_label," + end,
			"citizens" + hnd + "DOMESTIC,Own,,,,,Q,,2024,0,1,own,IDENTIFIED",
			"citizens" + hnd + "CROSS_BORDER,Others,,,,,Q,,2024,0,2 3,own,IDENTIFIED"},
			cells: []string{"#1 0–+Inf hidden IDENTIFIED own/FLOW", "#0 0–+Inf IDENTIFIED own/FLOW"}, rels: []string{"0 ≤ #2 + #3 - own/FLOW ≤ 0"}},
		"a mirror and its gap": {csv: []string{"table,row_kind,ORIGIN,ORIGIN_label,DESTINATION,DESTINATION_label,REF_YEAR,REF_YEAR_label,COLUMN,COLUMN_label," + end,
			"mirror,series,SLV,,GTM,,2024,2024,ORIGIN_SAYS,,,,,,Q,,2024,0,5,,",
			"mirror,series,SLV,,GTM,,2024,2024,DESTINATION_SAYS,,,17,17,17,A,,2024,0,6,,",
			"mirror,series,SLV,,GTM,,2024,2024,GAP,,,3,3,3,A,,,0,,,"},
			cells: []string{"#5 0–+Inf hidden  ", "#6 17–17  "}, rels: []string{"3 ≤ #6 - #5 ≤ 3"}},
		"a question of one's own": {csv: []string{stub + end, "query" + hnd + ",12,12,12,A,,2024,0,7,own,IDENTIFIED"},
			cells: []string{"#7 12–12 IDENTIFIED own/t.csv"}},
		"words": {csv: []string{stub + end, "quality-next-steps" + hnd + "Do,,,,A,,,0,,,"}},
	} {
		t.Run(name, func(t *testing.T) {
			var p audit.Published
			if err := Read(&p, "t.csv", []byte(strings.Join(tc.csv, "\n"))); err != nil {
				t.Fatal(err)
			}
			var cells, rels []string
			for _, c := range p.Cells {
				hidden := map[bool]string{true: " hidden"}[c.Hidden]
				cells = append(cells, fmt.Sprintf("#%d %v–%v%s %s %s", c.Obs, c.Lower, c.Upper, hidden, c.Key[audit.VictimStatus], c.Key[audit.Layout]))
			}
			for _, r := range p.Relations {
				rels = append(rels, told(r))
			}
			if d := cmp.Diff(tc.cells, cells); d != "" {
				t.Errorf("cells (-want +got)\n%s", d)
			}
			if d := cmp.Diff(tc.rels, rels); d != "" {
				t.Errorf("relations (-want +got)\n%s", d)
			}
			if len(p.Notes) != tc.notes {
				t.Errorf("notes %v", p.Notes)
			}
		})
	}
}

// told writes a relation with the observations, or what else names a cell.
func told(r audit.Relation) string {
	s := ""
	for i, term := range r.Terms {
		sign := map[bool]string{true: "-", false: "+"}[term.Coef < 0]
		switch {
		case i > 0:
			s += " " + sign + " "
		case term.Coef < 0:
			s += sign
		}
		if c := math.Round(math.Abs(term.Coef)*1e6) / 1e6; c != 1 {
			s += fmt.Sprint(c)
		}
		switch k := term.Ref.Key; {
		case term.Ref.Obs != 0:
			s += fmt.Sprint("#", term.Ref.Obs)
		case k[audit.Indicator] == "POPULATION":
			s += "POPULATION"
		default:
			s += k[audit.Layout]
		}
	}
	return fmt.Sprintf("%v ≤ %s ≤ %v", r.Lower, s, r.Upper)
}

func TestReadErrors(t *testing.T) {
	head := "table,row_kind,REF_AREA,REF_AREA_label," + end
	for text, want := range map[string]string{
		"table,row_kind,REF_AREA":                                 `no column "shown": it is no table's csv as tipstat writes it`,
		head + "\nvictims,series,HND,,,twelve,12,12,A,,,0,1,own,": `t.csv line 2: OBS_VALUE is "twelve"; want a number`,
		head + "\nvictims,series,HND,,,12,12,12,A,,,0,one,own,":   `t.csv line 2: obs_ids holds "one"; want numbers`,
		head + "\nvictims,series,HND,,,12,12,12,A,,,0,1":          "wrong number of fields",
		head + "\nvictims,series,HND,,,\"12,12,12,A,,,0,1,own,":   "t.csv",
	} {
		err := Read(&audit.Published{}, "t.csv", []byte(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	if err := Read(&audit.Published{}, "t.csv", []byte(head+"\n")); err != nil {
		t.Errorf("a table without lines: %v", err)
	}
}

// FuzzRead: whatever stands in a csv, reading it ends without a panic, and no bound
// is turned around.
func FuzzRead(f *testing.F) {
	const stub = "table,row_kind,REF_AREA,REF_AREA_label,REF_YEAR,REF_YEAR_label,COLUMN,COLUMN_label,FLOW,FLOW_label,"
	for _, id := range []string{"victims", "children-share", "mirror", "citizens", "query"} {
		f.Add(stub + end + "\n" + id + ",series,HND,,2024,,GAP,,_T,,,1,1,1,A,from 14,2024,0,7 8,own,X\n")
	}
	f.Fuzz(func(t *testing.T, text string) {
		var p audit.Published
		if Read(&p, "t.csv", []byte(text)) != nil {
			return
		}
		for _, c := range p.Cells {
			if !(c.Lower <= c.Upper) {
				t.Errorf("%v to %v", c.Lower, c.Upper)
			}
		}
	})
}

func FuzzReadExport(f *testing.F) {
	head := strings.Join(exportColumns, ",")
	f.Add("ACTION," + head + ",obs_id\nI,HND,VICTIMS_DETECTED,2024,7,,,A,F,HND_PN,PERSON,DETECTED,12\nD,HND,VICTIMS_DETECTED,2023,,,,,,HND_PN,PERSON,DETECTED,\n")
	f.Add(head + "\nHND,VICTIMS_DETECTED,2024,,1,4,Q,C,HND_PN,PERSON,DETECTED\n")
	f.Fuzz(func(t *testing.T, text string) {
		var p audit.Published
		if !IsExport([]byte(text)) || Read(&p, "data.csv", []byte(text)) != nil {
			return
		}
		for _, c := range p.Cells {
			if !(c.Lower <= c.Upper) {
				t.Errorf("%v to %v", c.Lower, c.Upper)
			}
		}
	})
}
