package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"database/sql/driver"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/oas/tipstat/transform/codelist"
)

// Vocabulary brings the tables codelist, synonym, area_group and comparability
// to what the code lists say, if they do not say it yet.
func (t *Tx) Vocabulary(ctx context.Context, set *codelist.Set) error {
	tables := vocabulary(set)
	hash := sha256.New()
	for _, tb := range tables {
		for _, row := range tb.rows {
			fmt.Fprintf(hash, "%s%q\n", tb.name, row)
		}
	}
	sum := hex.EncodeToString(hash.Sum(nil))
	var have string
	err := t.conn.QueryRowContext(ctx, `SELECT setting_value FROM setting WHERE name = 'vocabulary_sha256'`).Scan(&have)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if have == sum {
		return nil
	}
	for _, q := range []string{`DELETE FROM codelist`, `DELETE FROM synonym`, `DELETE FROM area_group`, `DELETE FROM comparability`,
		`DELETE FROM setting WHERE name = 'vocabulary_sha256'`} {
		if _, err := t.conn.ExecContext(ctx, q); err != nil {
			return err
		}
	}
	for _, tb := range tables {
		if err := t.append(tb.name, func(app *duckdb.Appender) error {
			for _, row := range tb.rows {
				if err := app.AppendRow(row...); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	_, err = t.conn.ExecContext(ctx, `INSERT INTO setting VALUES ('vocabulary_sha256', ?)`, sum)
	return err
}

type vocabularyTable struct {
	name string
	rows [][]driver.Value
}

// vocabulary lays the code lists out as rows of the store's tables.
func vocabulary(set *codelist.Set) []vocabularyTable {
	codes := vocabularyTable{name: "codelist"}
	for _, id := range set.Lists() {
		l, _ := set.List(id)
		for _, c := range l.Codes() {
			codes.rows = append(codes.rows, []driver.Value{id, c.ID, c.Parent, int32(c.Position),
				c.Name["en"], c.Name["es"], c.Name["pt"], c.Name["fr"], c.Source, nil})
		}
	}
	synonyms := vocabularyTable{name: "synonym"}
	for _, s := range set.Synonyms() {
		synonyms.rows = append(synonyms.rows, []driver.Value{s.List, s.Spelling, s.Code, s.ValidFrom, s.ValidTo, s.Source})
	}
	groups := vocabularyTable{name: "area_group"}
	for _, g := range set.Groups() {
		groups.rows = append(groups.rows, []driver.Value{g.Group, g.RefArea, g.Status, g.ValidFrom, g.ValidTo, g.Source})
	}
	rules := vocabularyTable{name: "comparability"}
	for _, r := range set.Comparability() {
		rules.rows = append(rules.rows, []driver.Value{r.Rule, r.Indicator, r.Attribute, r.Value, r.Grade,
			r.Text["en"], r.Text["es"], r.Text["pt"], r.Text["fr"]})
	}
	return []vocabularyTable{codes, synonyms, groups, rules}
}
