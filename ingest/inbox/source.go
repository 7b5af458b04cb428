package inbox

import (
	"context"
	"slices"
	"strings"

	"github.com/oas/tipstat/ingest/layout"
	"github.com/oas/tipstat/ingest/review"
	"github.com/oas/tipstat/ingest/sheet"
	"github.com/oas/tipstat/ingest/template"
	"github.com/oas/tipstat/transform/record"
	"github.com/oas/tipstat/transform/store"
)

// source is a file that was recognised: the form that ministries fill in, or a
// national file that a layout knows.
type source struct {
	kind record.Kind
	more []record.Kind    // further kinds of which it may have rows
	sub  store.Submission // what the source says of it
	lang string           // of the form; empty where it is not known
	said review.List      // what was written beside findings
	// dropped are columns that name persons and that the layout drops.
	dropped []layout.Dropped
	// read hands records on to the builders by kind; without any it only checks.
	read func(map[record.Kind]*record.Builder) (*layout.Result, error)
}

// recognise tells what a file is. It is nil when nothing knows it, or when it is
// a form that can't be read; findings say why.
func (in *Inbox) recognise(ctx context.Context, wb *sheet.Workbook, file string, opts Options) (*source, record.Findings, error) {
	if in.Form != nil && opts.Layout == "" {
		filled, faults, err := in.Form.Recognise(ctx, wb, file, in.Codes)
		if err != nil || faults.Err() != nil {
			return nil, faults, err
		}
		if filled != nil {
			return in.form(ctx, wb, file, filled, opts), nil, nil
		}
	}
	found, faults, err := layout.Recognise(ctx, wb, file, in.Layouts, opts.Layout)
	if err != nil || found == nil {
		return nil, faults, err
	}
	l := found.Layout
	return &source{kind: l.Kind(), dropped: found.Dropped(),
		sub: store.Submission{Layout: l.ID, LayoutVersion: l.Version, LayoutSHA256: l.SHA256(), Record: l.Record, SourceAgency: l.Agency, Repeats: l.RepeatsOr(), Partitions: l.Partitions},
		read: func(b map[record.Kind]*record.Builder) (*layout.Result, error) {
			return layout.Read(ctx, wb, found, in.Codes, layout.Options{File: file, Builder: b[l.Kind()], Progress: opts.Progress})
		}}, nil, nil
}

// form is a filled-in form as a source. It holds figures of several records.
func (in *Inbox) form(ctx context.Context, wb *sheet.Workbook, file string, filled *template.Filled, opts Options) *source {
	f := filled.Form
	partitions := map[string][]string{}
	var records []string
	for _, s := range f.Sheets {
		if !slices.Contains(records, s.Record) {
			records = append(records, s.Record)
		}
		for _, t := range s.Tables {
			partitions[t.ID] = t.Partition()
		}
	}
	return &source{kind: record.KindFigure, more: []record.Kind{record.KindCase}, lang: filled.Lang,
		sub: store.Submission{Layout: f.ID, LayoutVersion: filled.Version, LayoutSHA256: f.SHA256(), Record: strings.Join(records, ","), SourceAgency: template.Agency, Repeats: "conflict", Partitions: partitions},
		read: func(b map[record.Kind]*record.Builder) (*layout.Result, error) {
			res, err := filled.Read(ctx, wb, in.Codes, template.ReadOptions{File: file, Builder: b[record.KindFigure], Cases: b[record.KindCase], Progress: opts.Progress})
			if err != nil {
				return nil, err
			}
			return &layout.Result{Account: res.Account, Findings: res.Findings, Notes: res.Notes, LastAction: res.AsOf}, nil
		}}
}
