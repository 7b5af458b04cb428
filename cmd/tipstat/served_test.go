package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestFirstServed: what is served keeps its date over a restart, another has a later one,
// also where the clock was set back, and other flags have dates of their own. A damaged
// file is told, and made anew.
func TestFirstServed(t *testing.T) {
	file := filepath.Join(t.TempDir(), servedFile)
	day := time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC)
	for i, c := range []struct {
		flags, digest string
		now, want     time.Time
	}{
		{"all", "a", day, day},
		{"all", "a", day.Add(time.Hour), day},
		{"all", "b", day.Add(time.Hour), day.Add(time.Hour)},
		{"HND", "c", day.Add(time.Minute), day.Add(time.Minute)},
		{"all", "b", day.Add(2 * time.Hour), day.Add(time.Hour)},
		{"all", "a", day, day.Add(time.Hour + time.Second)}, // what was served before and is again
		{"HND", "c", day.Add(3 * time.Hour), day.Add(time.Minute)},
	} {
		got, err := firstServed(t.Context(), file, c.flags, c.digest, c.now)
		if err != nil || !got.Equal(c.want) {
			t.Errorf("%d: %s %v; want %s", i, got, err, c.want)
		}
	}
	if err := os.WriteFile(file, []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := firstServed(t.Context(), file, "all", "a", day); err == nil {
		t.Error("a damaged file is not told")
	}
	if got, err := firstServed(t.Context(), file, "all", "a", day.Add(time.Hour)); err != nil || !got.Equal(day) {
		t.Errorf("it was not made anew: %s %v", got, err)
	}
}
