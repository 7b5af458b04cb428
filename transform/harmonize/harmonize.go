package harmonize

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

//go:embed steps/*.sql
var steps embed.FS

// Step is one SQL file of the harmonisation.
type Step struct {
	Name string // the file's name without .sql
	SQL  string
}

// Steps gives the steps in their order.
func Steps() ([]Step, error) {
	names, err := fs.Glob(steps, "steps/*.sql") // sorted by Glob
	if err != nil {
		return nil, err
	}
	var out []Step
	for _, name := range names {
		b, err := steps.ReadFile(name)
		if err != nil {
			return nil, err
		}
		out = append(out, Step{strings.TrimSuffix(path.Base(name), ".sql"), string(b)})
	}
	return out, nil
}

// Purpose gives the first sentence of a step's head comment.
func (s Step) Purpose() string {
	var words []string
	for line := range strings.Lines(s.SQL) {
		text, ok := strings.CutPrefix(line, "--")
		if !ok {
			break
		}
		words = append(words, strings.TrimSpace(text))
	}
	first, _, _ := strings.Cut(strings.TrimPrefix(strings.Join(words, " "), "Purpose: "), ". ")
	return strings.TrimSuffix(first, ".")
}

// Submission runs every step for one submission on the connection of its
// transaction. Every parameter of a step is the submission's id.
func Submission(ctx context.Context, conn *sql.Conn, submissionID string) error {
	all, err := Steps()
	if err != nil {
		return err
	}
	for _, s := range all {
		args := make([]any, strings.Count(s.SQL, "?"))
		for i := range args {
			args[i] = submissionID
		}
		if _, err := conn.ExecContext(ctx, s.SQL, args...); err != nil {
			return fmt.Errorf("harmonize step %s: %w", s.Name, err)
		}
	}
	return nil
}
