package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

//go:embed checks/*.sql
var checks embed.FS

// Fault is one thing that is not as it must be in a store.
type Fault struct {
	// Check is what was looked at: a file of checks without its number (id, clock, orphan,
	// account, trace, number, reading), table where one can't be read, block where the file
	// does not agree with its checksums, file where it can't be opened, or original.
	Check    string `json:"check"`
	Subject  string `json:"subject"`
	Found    string `json:"found"`
	Expected string `json:"expected"`
}

// Checked is what Check looked at.
type Checked struct {
	Submissions  int64 `json:"submissions"`
	Observations int64 `json:"observations"`
	// Originals are the accepted files that are there, whole, each once however often it was
	// read; NotKept those of which none may be, since in each reading columns of theirs named
	// persons; Extra files that no submission has.
	Originals int `json:"originals"`
	NotKept   int `json:"not_kept"`
	Extra     int `json:"extra"`
	// Digest is one of all rows of all tables, whatever their order: two stores of the same
	// rows have the same.
	Digest string  `json:"digest"`
	Faults []Fault `json:"faults"`
}

// Check reads a store whole, and the folder of its accepted files ("": none are kept), and
// tells of all that is not as it must be: blocks that are damaged, rows that belong to
// nothing, rows of files that the account does not have, observations that go back to no
// cell, files that are missing or were changed. Close the store then: see Damaged.
func (s *Store) Check(ctx context.Context, originals string) (c Checked, err error) {
	c, err = s.checkRows(ctx, originals)
	if why := Explained(err); s.path == "" || err != nil && !errors.Is(why, ErrDamaged) {
		return c, err
	}
	damaged, err2 := DamageOf(s.path, err)
	c.Faults = append(c.Faults, damaged...)
	return c, err2
}

// DamageOf tells what is damaged of a store's file: what Damaged finds, else why it can't be
// read, if it can't.
func DamageOf(path string, why error) ([]Fault, error) {
	faults, err := Damaged(path)
	if len(faults) == 0 && why != nil {
		faults = []Fault{{Check: "file", Subject: path, Found: why.Error()}}
	}
	return faults, err
}

func (s *Store) checkRows(ctx context.Context, originals string) (c Checked, err error) {
	c.Faults = []Fault{}
	if c.Digest, err = s.digest(ctx, &c); err != nil {
		return c, err
	}
	if len(c.Faults) > 0 {
		return c, nil // what can't be read can't be asked
	}
	names, err := fs.Glob(checks, "checks/*.sql")
	if err != nil {
		return c, err
	}
	for _, name := range names {
		query, err := checks.ReadFile(name)
		if err != nil {
			return c, err
		}
		_, check, _ := strings.Cut(strings.TrimSuffix(filepath.Base(name), ".sql"), "_")
		err = s.each(ctx, string(query), func(r *sql.Rows) error {
			f := Fault{Check: check}
			err := r.Scan(&f.Subject, &f.Found, &f.Expected)
			c.Faults = append(c.Faults, f)
			return err
		})
		if err != nil {
			return c, fmt.Errorf("%s: %w", name, err)
		}
	}
	err = s.db.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM submission), (SELECT count(*) FROM observation)`).Scan(&c.Submissions, &c.Observations)
	if err != nil || originals == "" {
		return c, err
	}
	return c, s.checkOriginals(ctx, originals, &c)
}

// digest reads every row of every table.
func (s *Store) digest(ctx context.Context, c *Checked) (string, error) {
	var tables []string
	err := s.each(ctx, `SELECT table_name FROM duckdb_tables() WHERE database_name = current_database() AND schema_name = 'main' ORDER BY table_name`, func(r *sql.Rows) error {
		var name string
		err := r.Scan(&name)
		tables = append(tables, name)
		return err
	})
	if err != nil {
		return "", err
	}
	all := sha256.New()
	for _, name := range tables {
		var n int64
		var sum string
		err := s.db.QueryRowContext(ctx, fmt.Sprintf(`SELECT count(*), coalesce(sum(hash(t)::HUGEINT), 0)::VARCHAR FROM main.%s t`, Quoted(name))).Scan(&n, &sum)
		if err != nil {
			if ctx.Err() != nil {
				return "", ctx.Err()
			}
			c.Faults = append(c.Faults, Fault{Check: "table", Subject: name, Found: err.Error(), Expected: "readable"})
			continue
		}
		fmt.Fprintln(all, name, n, sum)
	}
	return hex.EncodeToString(all.Sum(nil)), nil
}

// checkOriginals holds the accepted files against the hashes under which they lie.
func (s *Store) checkOriginals(ctx context.Context, dir string, c *Checked) error {
	subs, err := s.History(ctx)
	if err != nil {
		return err
	}
	wanted, kept, dropped := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, sub := range subs {
		dropped[sub.SHA256] = dropped[sub.SHA256] || sub.ColumnsDropped > 0
	}
	for _, sub := range subs {
		if err := ctx.Err(); err != nil {
			return err
		}
		wanted[sub.SHA256] = true
		if dropped[sub.SHA256] || kept[sub.SHA256] { // one file may have several readings
			continue
		}
		kept[sub.SHA256] = true
		found, err := hashOf(filepath.Join(dir, sub.SHA256))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			found = "-"
		case err != nil:
			found = err.Error()
		case found == sub.SHA256:
			c.Originals++
			continue
		}
		c.Faults = append(c.Faults, Fault{Check: "original", Subject: sub.ID + " " + sub.FileName, Found: found, Expected: sub.SHA256})
	}
	c.NotKept = len(wanted) - len(kept)
	there, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	c.Extra = len(slices.DeleteFunc(there, func(e fs.DirEntry) bool { return wanted[e.Name()] && !dropped[e.Name()] }))
	return nil
}

// hashOf gives the SHA-256 of a file.
func hashOf(name string) (sum string, err error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	h := sha256.New()
	_, err = io.Copy(h, f)
	return hex.EncodeToString(h.Sum(nil)), err
}
