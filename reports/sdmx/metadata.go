package sdmx

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/transform/record"
)

var (
	//go:embed facts.sql
	factsSQL string
	//go:embed rules.sql
	rulesSQL string
	//go:embed files.sql
	filesSQL string
)

// answers are the texts of the reports: by agreement, then by column, table or fill.
type answers map[agreement]map[string]text

// add adds a line.
func (a answers) add(to agreement, key, sep string, line text) {
	if a[to] == nil {
		a[to] = map[string]text{}
	}
	if a[to][key] == nil {
		a[to][key] = text{}
	}
	for lang, s := range line {
		if t := a[to][key][lang]; t != "" {
			s = t + sep + s
		}
		a[to][key][lang] = s
	}
}

// same is a text that is not of any language.
func same(s string) text {
	t := text{}
	for _, lang := range record.Languages {
		t[lang] = s
	}
	return t
}

// report makes the reference metadata of every agreement.
func (e *Export) report(ctx context.Context, p table.Params) (err error) {
	a := answers{}
	e.metadata = []metadataSet{}
	for _, collect := range []func(context.Context, answers) error{e.facts, e.rules, e.files} {
		if err := collect(ctx, a); err != nil {
			return err
		}
	}
	d, tables, specs := e.design, table.NewReader(e.db), []table.Spec(nil)
	for _, m := range d.Metadata.Attributes {
		if m.Fill == "table" && len(e.agreements) > 0 {
			if specs == nil {
				if specs, err = table.Load(nil); err != nil {
					return err
				}
			}
			if err := quality(ctx, tables, specs, m.Table, p, a); err != nil {
				return fmt.Errorf("%s: %w", m.Table, err)
			}
		}
	}
	release := text{}
	for _, lang := range record.Languages {
		p.Lang = lang
		release[lang] = p.Release()
	}
	for _, g := range e.agreements {
		agency, state := e.label("CL_AGENCY", g.Agency), e.label("CL_AREA", g.Area)
		set := metadataSet{maintained: e.maintained("MetadataSet", g.id("MDS_"+d.Dataflow.ID), sayIn(d.Metadata.Set, map[string]text{"agency": agency, "state": state})),
			Flow: d.urn("Metadataflow", d.Metadata.Flow.ID, ""), Targets: []string{d.urn("ProvisionAgreement", g.id(d.Dataflow.ID), "")}}
		set.Links = nil // the schema of SDMX-JSON knows no urn of a metadata set
		for _, m := range d.Metadata.Attributes {
			var t text
			switch m.Fill {
			case "state":
				t = state
			case "agency":
				t = agency
			case "release":
				t = release
			case "codes":
				b := answers{}
				for _, column := range m.Of {
					b.add(g, "", "; ", a[g][column])
				}
				t = b[g][""]
			case "table":
				t = a[g][m.Table]
			default:
				t = a[g][m.Fill]
			}
			if len(t) > 0 {
				set.Attributes = append(set.Attributes, reported{ID: m.ID, Text: t})
			}
		}
		e.metadata = append(e.metadata, set)
	}
	return nil
}

// facts collects what stands in the columns, by its labels.
func (e *Export) facts(ctx context.Context, a answers) error {
	err := e.each(ctx, factsSQL, func(scan func(...any) error) error {
		var g agreement
		var column, code string
		if err := scan(&g.Area, &g.Agency, &column, &code); err != nil {
			return err
		}
		says := same(code)
		i := slices.IndexFunc(e.design.components(), func(c component) bool { return c.ID == column })
		if i >= 0 && e.design.components()[i].Codelist != "" {
			says = e.label(e.design.components()[i].Codelist, code)
		}
		a.add(g, column, "; ", says)
		return nil
	})
	if err != nil {
		return fmt.Errorf("facts.sql: %w", err)
	}
	return nil
}

// rules collects the rules of comparability that lowered a grade.
func (e *Export) rules(ctx context.Context, a answers) error {
	err := e.each(ctx, rulesSQL, func(scan func(...any) error) error {
		var g agreement
		var rule string
		says := make([]string, len(record.Languages))
		if err := scan(&g.Area, &g.Agency, &rule, &says[0], &says[1], &says[2], &says[3]); err != nil {
			return err
		}
		line := text{}
		for i, lang := range record.Languages {
			line[lang] = rule + ": " + says[i]
		}
		a.add(g, "rules", "\n", line)
		return nil
	})
	if err != nil {
		return fmt.Errorf("rules.sql: %w", err)
	}
	return nil
}

// files collects the files that the figures come from.
func (e *Export) files(ctx context.Context, a answers) error {
	err := e.each(ctx, filesSQL, func(scan func(...any) error) error {
		var g agreement
		var name, sha, layout, version, received, reference string
		if err := scan(&g.Area, &g.Agency, &name, &sha, &layout, &version, &received, &reference); err != nil {
			return err
		}
		m := e.design.Metadata
		line := sayIn(m.File, map[string]text{"file": same(name), "sha": same(sha), "layout": same(layout + " " + version), "day": same(received)})
		if reference != "" {
			for lang, s := range sayIn(m.Reference, map[string]text{"day": same(reference)}) {
				line[lang] += s
			}
		}
		a.add(g, "files", "\n", line)
		return nil
	})
	if err != nil {
		return fmt.Errorf("files.sql: %w", err)
	}
	return nil
}

// maxYears is what a table takes.
const maxYears = 100

// quality says the rows of a table of the quality report, in each language.
func quality(ctx context.Context, tables *table.Reader, specs []table.Spec, id string, p table.Params, a answers) error {
	i := slices.IndexFunc(specs, func(s table.Spec) bool { return s.ID == id })
	if i < 0 {
		return fmt.Errorf("no such table: sdmx.yaml must name one of reports/table/tables")
	}
	p.FromYear = max(p.FromYear, p.ToYear-maxYears+1)
	return tables.Languages(ctx, specs[i], p, func(t *table.Table) error {
		agency := slices.IndexFunc(t.Stub, func(h table.Heading) bool { return h.Codes[0] == "SOURCE_AGENCY" })
		for _, r := range t.Rows {
			if r.Kind != table.SeriesRow || agency < 0 || agency >= len(r.Stub) {
				continue
			}
			a.add(agreement{r.Area, r.Stub[agency].Code}, id, "\n", text{t.Lang: sentence(t, r)})
		}
		return nil
	})
}

// sentence says a row: each column with its heading.
func sentence(t *table.Table, r table.Row) string {
	var parts []string
	for i, h := range t.Stub {
		if c := h.Codes[0]; c != "REF_AREA" && c != "SOURCE_AGENCY" {
			parts = append(parts, h.Labels[0]+": "+r.Stub[i].Text)
		}
	}
	for j, h := range t.Columns {
		parts = append(parts, strings.Join(h.Labels, ", ")+": "+r.Cells[j].Text)
	}
	return strings.Join(parts, "; ")
}
