package store

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/duckdb/duckdb-go/v2"
)

// saying is by which words an error is known.
type saying struct {
	is    error
	words []string
}

// What the system and DuckDB say, whose words alone tell what went wrong. (Go has numbers for
// what the system says, which have the same words.)
var said = []saying{
	{ErrMemory, []string{"out of memory error"}},
	{ErrFull, []string{"no space left on device", "file too large", "disk quota exceeded"}},
	{ErrDenied, []string{"permission denied", "read-only file system", "access is denied"}},
	{ErrDamaged, []string{"corrupt database file", "not a valid duckdb database file", "corrupt wal file", "could not read enough bytes from file", "could not read all bytes from file", "does not match stored checksum"}},
}

// Explained gives an error as ErrMemory where it says that DuckDB's memory is too small, as
// ErrFull where there is no room to write, as ErrDenied where the system lets nobody write, as ErrDamaged where the file of the store is not
// as it was written, and any other as it is.
func Explained(err error) error {
	var d *duckdb.Error
	if err == nil || slices.ContainsFunc(said, func(s saying) bool { return errors.Is(err, s.is) }) {
		return err
	}
	if errors.As(err, &d) && d.Type == duckdb.ErrorTypeOutOfMemory {
		return fmt.Errorf("%w: %w", ErrMemory, err)
	}
	text := strings.ToLower(err.Error())
	for _, s := range said {
		if slices.ContainsFunc(s.words, func(words string) bool { return strings.Contains(text, words) }) {
			return fmt.Errorf("%w: %w", s.is, err)
		}
	}
	return err
}
