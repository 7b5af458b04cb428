package store

import (
	"cmp"
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// Settings bound what DuckDB may take of the machine while a store is open. The zero value
// works. What SQL may reach is no setting: it reads and writes the tables of the store and
// nothing else, whoever wrote it. No file outside the store can be opened, no extension
// loaded, and nothing of this be changed again while the store is open.
type Settings struct {
	Memory  string `yaml:"memory"`  // such as 512MB or 4GB; DefaultMemory where empty
	Threads int    `yaml:"threads"` // 0: as many as the machine has processors
}

// DefaultMemory takes the largest store measured (GLOTIP, 46,556 rows) several times over.
const DefaultMemory = "2GB"

// LeastMemory is what a store needs to be opened and brought up to date, in megabytes.
const LeastMemory = 64

// ErrMemory says that DuckDB was given too little memory for what it was asked. The
// transaction was undone; the store is as it was.
var ErrMemory = errors.New("out of memory")

// ErrFull says that no more could be written: the disk is full, or a quota or a limit of the
// size of files is reached. The transaction is not in the store, which is as it was.
var ErrFull = errors.New("no room left to write")

// ErrDenied says that the system does not let this user write, or read, a file or folder. The
// transaction is not in the store, which is as it was.
var ErrDenied = errors.New("not permitted")

// ErrDamaged says that the file of a store is not as DuckDB wrote it.
var ErrDamaged = errors.New("the file is damaged")

var reMemory = regexp.MustCompile(`^(\d{1,6}) ?([MG])i?B$`)

// Check tells what is wrong with settings, as they stand in a workspace.
func (s Settings) Check() error {
	m := reMemory.FindStringSubmatch(s.memory())
	if m == nil {
		return fmt.Errorf("memory: %s: want a number with MB or GB, such as 512MB or 4GB", s.Memory)
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		return fmt.Errorf("memory: %s: %w", s.Memory, err)
	}
	if m[2] == "G" {
		n *= 1000
	}
	if n < LeastMemory {
		return fmt.Errorf("memory: %s: want %dMB or more", s.Memory, LeastMemory)
	}
	if s.Threads < 0 || s.Threads > 1024 {
		return fmt.Errorf("threads: %d: want a number from 1 to 1024, or 0 for as many as there are processors", s.Threads)
	}
	return nil
}

func (s Settings) memory() string { return cmp.Or(s.Memory, DefaultMemory) }

// Open opens the store at path, making it if it does not exist, and brings
// its tables up to date. An empty path is a store in memory.
func (s Settings) Open(ctx context.Context, path string) (*Store, error) {
	return s.open(ctx, path, false, "")
}

// dsn names the store and what DuckDB is told before it opens it.
func (s Settings) dsn(path, temp string, readOnly bool) string {
	q := url.Values{}
	NoExtensions(q)
	q.Set("memory_limit", s.memory())
	if s.Threads > 0 {
		q.Set("threads", strconv.Itoa(s.Threads))
	}
	q.Set("temp_directory", temp)
	if readOnly {
		q.Set("access_mode", "READ_ONLY")
	}
	return path + "?" + q.Encode()
}

// NoExtensions adds to the options of a database that extensions are never fetched: an
// ingestion must not wait for a network.
func NoExtensions(q url.Values) {
	for _, name := range []string{"autoinstall_known_extensions", "autoload_known_extensions", "allow_community_extensions", "allow_unsigned_extensions"} {
		q.Set(name, "false")
	}
}

// lockdown takes from SQL what is not in the store: DuckDB treats SQL as code, which may
// read and write any file of the user's. It is done by SQL, once for all connections: among
// the options of opening, access to files can't be taken away after the folder for
// temporary files was named, for their order is random. A store that is open already in
// this process is locked already.
func lockdown(ctx context.Context, connector driver.Connector) (err error) {
	conn, err := connector.Connect(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	q, ok := conn.(interface {
		driver.QueryerContext
		driver.ExecerContext
	})
	if !ok {
		return fmt.Errorf("unexpected connection %T", conn)
	}
	rows, err := q.QueryContext(ctx, "SELECT current_setting('lock_configuration')", nil)
	if err != nil {
		return err
	}
	locked := []driver.Value{false}
	if err := errors.Join(rows.Next(locked), rows.Close()); err != nil || locked[0] == true {
		return err
	}
	_, err = q.ExecContext(ctx, "SET enable_external_access = false; SET lock_configuration = true", nil)
	return err
}

// tempName is the folder for what DuckDB puts on disk where memory is short: beside the
// store, since it holds rows of it, and of this process alone, since several may read.
func tempName(path string) string { return path + ".tmp-" + strconv.Itoa(os.Getpid()) }

// makeTemp makes that folder, for its owner alone. Where none can be made, as in a folder
// that is read only, DuckDB has its memory and no more.
func makeTemp(path string) string {
	if path == "" {
		return ""
	}
	name := tempName(path)
	if err := os.Mkdir(name, 0o700); err == nil {
		return name
	}
	if info, err := os.Lstat(name); err == nil && info.IsDir() { // of a store that is open already
		return name
	}
	return ""
}

// sweep removes what processes that were killed left of such folders. Whoever holds the
// store for writing is alone with it, so that nobody else uses one now.
func sweep(path string) error {
	left, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return err
	}
	prefix := filepath.Base(path) + ".tmp"
	for _, e := range left {
		name := filepath.Join(filepath.Dir(path), e.Name())
		// Without a number it is of a tipstat that let DuckDB choose the name.
		pid, ok := strings.CutPrefix(e.Name(), prefix)
		if _, err := strconv.Atoi(strings.TrimPrefix(pid, "-")); !ok || !e.IsDir() || pid != "" && err != nil || name == tempName(path) {
			continue
		}
		if err := os.RemoveAll(name); err != nil {
			return err
		}
	}
	return nil
}
