package main

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"

	"golang.org/x/text/collate"

	"github.com/oas/tipstat/ingest/portal"
	"github.com/oas/tipstat/reports/cube"
	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/transform/record"
)

// fileKinds are what files of the forms of a table are called, and their types.
var fileKinds = map[string]struct{ ending, kind string }{
	"text": {"txt", "text/plain; charset=utf-8"}, "csv": {"csv", "text/csv; charset=utf-8"}, "html": {"html", "text/html; charset=utf-8"},
	"xlsx": {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}, "pdf": {"pdf", "application/pdf"}, "md": {"md", "text/markdown; charset=utf-8"},
	"px": {"px", "text/plain; charset=utf-8"}, "json-stat": {"json-stat.json", "application/json"}, "json": {"json", "application/json"},
}

// Formats are the forms of a table, in the order of the command line.
func (o *officeTables) Formats() []string { return formats }

// File writes a table as tipstat report writes it.
func (o *officeTables) File(ctx context.Context, q portal.TableQuery, format, paper string) (portal.File, error) {
	write, ok := writers(ctx, paper)[format]
	if !ok {
		return portal.File{}, portal.NotInTable{Parameter: "format", Value: format}
	}
	if paper != "a4" && paper != "letter" {
		return portal.File{}, portal.NotInTable{Parameter: "paper", Value: paper}
	}
	return with(ctx, o, func(p *publication) (f portal.File, err error) {
		maker := func(ctx context.Context, _ *sql.DB, params table.Params) (*table.Table, error) { // in another language
			other := q
			other.Lang = params.Lang
			return p.table(ctx, other)
		}
		t, err := p.table(ctx, q)
		if err != nil {
			return f, err
		}
		var b bytes.Buffer
		if err := write(&b, made{c: o.c, maker: maker, params: p.params, t: t}); errors.Is(err, cube.ErrTooLarge) {
			return f, portal.ErrTooWide
		} else if err != nil {
			return f, err
		}
		kind := fileKinds[format]
		return portal.File{Name: t.ID + "." + t.Lang + "." + kind.ending, Kind: kind.kind, Bytes: b.Bytes()}, nil
	})
}

// sort puts codes into the order of their names.
func (o *officeTables) sort(codes []portal.Code, lang string) {
	order := collate.New(record.Tag(lang))
	slices.SortFunc(codes, func(x, y portal.Code) int {
		return cmp.Or(order.CompareString(x.Name, y.Name), cmp.Compare(x.Code, y.Code))
	})
}
