package main

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/oas/tipstat/ingest/inbox"
	"github.com/oas/tipstat/reports/sdmx"
	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/store"
)

// baseFaults are the texts of what is wrong with an export that is compared with.
var baseFaults = map[sdmx.BaseFault]string{
	sdmx.BaseMarked: "base_marked", sdmx.BaseSemicolons: "base_semicolons", sdmx.BaseColumns: "base_columns", sdmx.BaseMalformed: "base_malformed",
	sdmx.BaseNothing: "base_nothing", sdmx.BaseStructure: "base_structure", sdmx.BaseChanges: "base_changes", sdmx.BaseKey: "base_key",
	sdmx.BasePeriod: "base_period", sdmx.BaseTwice: "base_twice",
}

// sinceDay tells whether --since names a day. A folder of that name is named with a path:
// ./2026-06-30.
func (f sdmxFlags) sinceDay() (day time.Time, is bool) {
	day, err := time.Parse(time.DateOnly, f.since)
	return day, err == nil
}

// folder tells whether --since names the folder of an export.
func (f sdmxFlags) folder() bool {
	_, day := f.sinceDay()
	return f.since != "" && !day && isFolder(f.since)
}

func isFolder(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

// sinceWrong is wrong usage of --since, in the words of told.yaml.
func (a *app) sinceWrong(key string, pairs ...any) error {
	return usageError{err: errors.New(a.word(key, pairs...))}
}

// sdmxSinceWhat refuses what --since can't mean.
func (a *app) sdmxSinceWhat(ctx context.Context, c *config, flags sdmxFlags) error {
	day, isDay := flags.sinceDay()
	switch {
	case flags.since == "" && flags.sinceSaid:
		return a.sinceWrong("since_empty")
	case flags.since == "":
	case flags.folder():
		same, err := sameFolder(flags.since, flags.output)
		if err != nil {
			return err
		}
		if same {
			return a.sinceWrong("since_same", "folder", flags.since)
		}
	case isDay && day.After(a.now()):
		return a.sinceWrong("since_future", "since", flags.since)
	case isDay && flags.asOf != "" && flags.since >= flags.asOf:
		return a.sinceWrong("since_after", "since", flags.since, "as_of", flags.asOf)
	case isDay:
		if isFolder(flags.since) {
			a.tell("since_day", "since", flags.since)
		}
	case filepath.Base(flags.since) != flags.since: // no run has such a name
		_, err := os.Stat(flags.since)
		if err == nil {
			return a.sinceWrong("since_file", "since", flags.since)
		}
		return a.sinceWrong("since_missing", "since", flags.since)
	default:
		st, err := c.DuckDB.OpenAfterRun(ctx, c.path(c.Store), flags.since)
		if errors.Is(err, store.ErrNoRun) {
			return a.sinceWrong("since_unknown", "since", flags.since)
		}
		if err != nil {
			return err
		}
		return st.Close()
	}
	return nil
}

func sameFolder(x, y string) (bool, error) {
	a, err := os.Stat(x)
	if err != nil {
		return false, err
	}
	b, err := os.Stat(y)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil && os.SameFile(a, b), err
}

// sdmxSince makes an export one of what changed since a run or a day. What is returned is to
// be called once all is written.
func (a *app) sdmxSince(ctx context.Context, c *config, flags sdmxFlags, set *codelist.Set, e *sdmx.Export) (done func() error, err error) {
	then := flags.tableFlags
	then.trial, then.quiet = true, true // it was shown then
	if _, day := flags.sinceDay(); day {
		then.asOf = flags.since
	} else {
		then.asOf, then.afterRun = "", flags.since
	}
	st, p, err := then.open(ctx, a, c)
	if err != nil {
		return nil, err
	}
	if err = st.Hold(ctx); err == nil {
		var older *sdmx.Export
		if older, err = a.makeSDMX(ctx, st.DB(), set, p); err == nil {
			err = e.Since(ctx, older)
		}
	}
	if err != nil {
		return nil, errors.Join(err, st.Close())
	}
	a.tell("since_rules") // else nothing would tell that what a new policy withholds is not deleted
	return st.Close, nil
}

// sdmxSinceFolder makes an export one of what changed since that of a folder, which was sent.
func (a *app) sdmxSinceFolder(ctx context.Context, folder string, now table.Params, db *sql.DB, e *sdmx.Export) error {
	const name = "data.csv"
	file := filepath.Join(folder, name)
	want, err := inbox.SumBeside(file)
	if err != nil {
		return err
	}
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return a.sinceWrong("base_missing", "folder", folder)
	}
	if err != nil {
		return usageError{err: err}
	}
	base := sdmx.Base{States: now.States}
	if now.FromYear > 0 {
		base.Period = func(period string) (bool, error) { // of the year to which the store counts it
			var year sql.NullInt64
			err := db.QueryRowContext(ctx, "SELECT ref_year(?)", period).Scan(&year)
			return int(year.Int64) >= now.FromYear && int(year.Int64) <= now.ToYear, err
		}
	}
	h := sha256.New()
	older, err := sdmx.ReadOlder(io.TeeReader(f, h), base)
	err = errors.Join(err, f.Close())
	var bad *sdmx.BaseError
	switch {
	case errors.As(err, &bad):
		return a.sinceWrong(baseFaults[bad.Fault], "file", file, "line", bad.Line, "value", bad.Value, "other", bad.Other)
	case err != nil:
		return err
	case want == "":
		a.tell("base_no_sums", "folder", folder)
	case !strings.EqualFold(want, hex.EncodeToString(h.Sum(nil))):
		return a.sinceWrong("base_digest", "file", file)
	}
	if now.Control != nil && older.Working() {
		return a.sinceWrong("since_working", "folder", folder)
	}
	if err := e.Since(ctx, older); err != nil || now.Control == nil {
		return err
	}
	both, err := e.OtherWay(ctx)
	if err == nil && both {
		return a.sinceWrong("since_other_way", "folder", folder)
	}
	return err
}
