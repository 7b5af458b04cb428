package rules

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/oas/tipstat/transform/record"
)

//go:embed words.sql rules/*.sql rules/*.yaml
var files embed.FS

// Submission runs every rule on one submission, after harmonisation and on
// the same connection, and gives what they found, in the order of the codes.
func Submission(ctx context.Context, conn *sql.Conn, submissionID, file string) (record.Findings, error) {
	names, err := fs.Glob(files, "rules/*.sql") // sorted by Glob
	if err != nil {
		return nil, err
	}
	words, err := files.ReadFile("words.sql")
	if err != nil {
		return nil, err
	}
	for statement := range strings.SplitSeq(strings.TrimSpace(string(words)), ";\n") { // one by one: each has parameters of its own
		if _, err := conn.ExecContext(ctx, statement, arguments(statement, submissionID)...); err != nil {
			return nil, fmt.Errorf("rules, words.sql: %w", err)
		}
	}
	var out record.Findings
	for _, name := range names {
		b, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		found, err := run(ctx, conn, string(b), strings.TrimSuffix(path.Base(name), ".sql"), submissionID, file)
		if err != nil {
			return nil, fmt.Errorf("rule %s: %w", path.Base(name), err)
		}
		out = append(out, found...)
	}
	return out, nil
}

func run(ctx context.Context, conn *sql.Conn, query, code, submissionID, file string) (out record.Findings, err error) {
	rows, err := conn.QueryContext(ctx, query, arguments(query, submissionID)...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		f := record.NewFinding(code, record.Place{File: file})
		if err := rows.Scan(&f.Subject.Sheet, &f.Subject.Cell, &f.Context.Sheet, &f.Context.Cell, &f.Found, &f.Expected, &f.Count); err != nil {
			return nil, err
		}
		if f.Context.Cell != "" {
			f.Context.File = file
		}
		out = append(out, f)
	}
	return out, rows.Err()
}

// arguments gives each parameter of a query the submission.
func arguments(query, submissionID string) (args []any) {
	for range strings.Count(query, "?") {
		args = append(args, submissionID)
	}
	return args
}
