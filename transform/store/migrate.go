package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"slices"
)

// Migrate applies the files migrations/*.sql that a database has not seen, in the order of
// their names, each in a transaction of its own, and tells whether there were any. (Thirty
// lines: golang-migrate has no DuckDB driver, and goose asks for a custom one longer than
// this.)
func Migrate(ctx context.Context, db *sql.DB, migrations fs.FS) (changed bool, err error) {
	_, err = db.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS schema_migration (name VARCHAR PRIMARY KEY)`)
	if err != nil {
		return false, err
	}
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return false, err
	}
	slices.SortFunc(names, cmp.Compare)
	for _, name := range names {
		var n int
		if err := db.QueryRowContext(ctx, `SELECT count(*) FROM schema_migration WHERE name = ?`, name).Scan(&n); err != nil {
			return changed, err
		}
		if n > 0 {
			continue
		}
		b, err := fs.ReadFile(migrations, name)
		if err != nil {
			return changed, err
		}
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			return changed, err
		}
		if _, err := tx.ExecContext(ctx, string(b)); err != nil {
			return changed, errors.Join(fmt.Errorf("%s: %w", name, err), tx.Rollback())
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO schema_migration VALUES (?)`, name); err != nil {
			return changed, errors.Join(err, tx.Rollback())
		}
		if err := tx.Commit(); err != nil {
			return changed, err
		}
		changed = true
	}
	return changed, nil
}
