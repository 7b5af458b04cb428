package pack

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"strconv"

	"github.com/oas/tipstat/reports/changes"
	"github.com/oas/tipstat/reports/table"
)

// Changes makes the one table of what moved since the pack in o.Previous, as
// the pack itself would have it.
func Changes(ctx context.Context, db *sql.DB, o Options) (*table.Table, error) {
	b, err := newBuilder(ctx, db, o)
	if err != nil {
		return nil, err
	}
	return b.changes()
}

// changes holds the compared tables against those of the last pack.
func (b *builder) changes() (*table.Table, error) {
	var now []*table.Table
	for _, c := range b.says.Chapters {
		for _, id := range b.with(c.Tables...) {
			if !c.Compared {
				continue
			}
			t, err := b.table(id)
			if err != nil {
				return nil, err
			}
			now = append(now, t)
		}
	}
	return changes.Table(b.ctx, b.db, b.o.Previous, now, b.o.Params, b.o.Version)
}

// Manifest says of what the pack is made, for the pack that comes after it.
func Manifest(ctx context.Context, db *sql.DB, o Options) (changes.Manifest, error) {
	s, err := load()
	if err != nil {
		return changes.Manifest{}, err
	}
	p := o.Params
	p.Lang = cmp.Or(p.Lang, "en")
	m := changes.Manifest{Title: s.Title[p.Lang], Meeting: o.Meeting, Lang: p.Lang, Years: Years(p, "-"), States: p.States, Without: o.Without,
		AsOf: o.AsOf, On: p.AsOf, Since: p.Since, Control: "none", Tipstat: o.Version}
	if p.Control != nil {
		m.Control = p.Control.Method
		m.Rounding = p.Control.Rounding
	}
	err = db.QueryRowContext(ctx, "SELECT coalesce(max(accepted_seq), 0), coalesce(strftime(max(received_at), '%Y-%m-%d'), '') FROM submission").
		Scan(&m.Submission, &m.Received)
	if err != nil {
		return m, fmt.Errorf("newest submission: %w", err)
	}
	return m, nil
}

// Years writes the years asked for: 2019-2024, 2024, or nothing.
func Years(p table.Params, between string) string {
	switch {
	case p.FromYear == 0:
		return ""
	case p.ToYear > p.FromYear:
		return strconv.Itoa(p.FromYear) + between + strconv.Itoa(p.ToYear)
	}
	return strconv.Itoa(p.FromYear)
}
