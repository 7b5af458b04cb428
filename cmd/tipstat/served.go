package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// servedFile keeps since when what is served is as it is, by the flags of tipstat serve. The
// date of an answer hangs on it: dated by the newest file it would go back where the policy
// became stricter while nothing was served, and who has the older answer would keep it.
const servedFile = "served.json"

// served is what was served last, and when first.
type served struct {
	Digest string    `json:"digest"`
	Since  time.Time `json:"since"`
}

// first gives the time at which what has a digest was first served with flags: for another than last
// time that is now, and later than all that was given before. Where it can't be kept that
// is told, and it is served all the same.
func (s *server) first(ctx context.Context, flags, digest string, now time.Time) time.Time {
	file := s.c.path(servedFile)
	at, err := firstServed(ctx, file, flags, digest, now.UTC().Truncate(time.Second))
	if err != nil {
		s.a.tell("served_lost", "file", file, "why", err.Error())
	}
	return at
}

// served names what the flags choose. The policy is not in it: what it changes is dated.
func (f *tableFlags) served() string {
	return fmt.Sprintf("years=%s states=%s control=%s base=%d", f.years, strings.Join(f.states, ","), f.control, f.base)
}

func firstServed(ctx context.Context, file, flags, digest string, now time.Time) (at time.Time, err error) {
	lock := flock.New(file + lockName)
	if _, err := lock.TryLockContext(ctx, lockRetry); err != nil {
		return now, err
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	all := map[string]served{}
	b, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(b, &all)
	}
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	if err != nil { // damaged: it is made anew, which is told
		all = map[string]served{}
	}
	was, known := all[flags]
	switch {
	case known && was.Digest == digest:
		return was.Since, nil
	case known && !now.After(was.Since): // in one second, or by a clock that was set back
		now = was.Since.Add(time.Second)
	}
	all[flags] = served{digest, now}
	b, bad := json.MarshalIndent(all, "", "  ")
	if bad == nil {
		bad = writeFile(file, append(b, '\n'))
	}
	return now, errors.Join(err, bad)
}
