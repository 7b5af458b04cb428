package schedule

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestParse(t *testing.T) {
	for _, wrong := range []string{"", "x", "0 3 * *", "0 3 * * * *", "61 3 * * *", "0 0 30 2 *", "TZ=America/Lima 0 3 * * *", "TZ=0", "CRON_TZ=", "@nightly"} {
		if _, err := Parse(wrong, time.UTC); err == nil {
			t.Errorf("%q was taken", wrong)
		} else if !strings.Contains(err.Error(), wrong) {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	start := time.Date(2026, 3, 7, 20, 0, 0, 0, time.UTC)
	for _, c := range []struct{ expression, zone, want string }{
		{"0 3 * * *", "UTC", "2026-03-08T03:00:00Z"},
		{"0 3 * * *", "America/Tegucigalpa", "2026-03-08T03:00:00-06:00"},
		{"30 2 * * *", "America/New_York", "2026-03-09T02:30:00-04:00"}, // on the 8th that time is left out
		{"0 3 * * MON", "UTC", "2026-03-09T03:00:00Z"},
		{"@daily", "America/Sao_Paulo", "2026-03-08T00:00:00-03:00"},
		{"@every 90m", "UTC", "2026-03-07T21:30:00Z"},
	} {
		p, err := Parse(c.expression, zone(t, c.zone))
		if err != nil {
			t.Errorf("%s: %v", c.expression, err)
			continue
		}
		if have := p.Next(start).Format(time.RFC3339); have != c.want {
			t.Errorf("%s in %s: %s, want %s", c.expression, c.zone, have, c.want)
		}
	}
}

// TestLoop lets three days pass: a run that takes longer than to the next time is not
// doubled, and a clock that is set back or forward is heeded.
func TestLoop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, err := Parse("0 3 * * *", time.UTC)
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		var offset time.Duration
		now := func() time.Time { return time.Now().Add(offset).UTC() } // it begins at midnight
		arrived := make(chan struct{}, 1)
		var ran []string
		go func() {
			time.Sleep(10 * time.Hour)
			arrived <- struct{}{}
		}()
		go Loop(ctx, p, now, arrived, func(time.Time) {}, func(_ context.Context, why Cause) {
			ran = append(ran, now().Format("2 15:04 ")+string(why))
			if len(ran) == 3 {
				time.Sleep(25 * time.Hour)
			}
		})
		time.Sleep(3*24*time.Hour + time.Hour) // the 4th, 1:00; the run of the 2nd lasted to 4:00 on the 3rd
		offset = -12 * time.Hour               // set back to the 3rd, 13:00
		time.Sleep(15 * time.Hour)             // the 4th, 4:00
		offset += 23 * time.Hour               // set forward to the 5th, 3:00
		time.Sleep(2 * time.Minute)
		stop()
		synctest.Wait()
		want := []string{"1 03:00 clock", "1 10:00 arrival", "2 03:00 clock", "4 03:00 clock", "5 03:00 clock"}
		if d := cmp.Diff(want, ran); d != "" {
			t.Errorf("(-want +got):\n%s", d)
		}
	})
}

// TestWatch tells of a file once it is quiet, of one in a new folder, and not of what
// does not count.
func TestWatch(t *testing.T) {
	dir := t.TempDir()
	ctx, stop := context.WithCancel(t.Context())
	arrived, err := Watch(ctx, dir, 150*time.Millisecond, func(name string, gone bool) bool { return !gone && !strings.HasSuffix(name, ".part") })
	if err != nil {
		t.Fatal(err)
	}
	hears := func(what string, want bool) {
		t.Helper()
		select {
		case <-arrived:
			if !want {
				t.Errorf("%s was told", what)
			}
		case <-time.After(time.Second):
			if want {
				t.Errorf("%s was not told", what)
			}
		}
	}
	put := func(name string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	began := time.Now()
	for range 6 {
		put("grows.csv")
		time.Sleep(50 * time.Millisecond)
	}
	hears("a file", true)
	if took := time.Since(began); took < 400*time.Millisecond {
		t.Errorf("told after %s, while it was written", took)
	}
	for quiet := false; !quiet; { // a slow machine may have paused in between, and told twice
		select {
		case <-arrived:
		case <-time.After(500 * time.Millisecond):
			quiet = true
		}
	}
	put("a.part")
	hears("a temporary file", false)
	if err := os.Rename(filepath.Join(dir, "a.part"), filepath.Join(dir, "a.csv")); err != nil {
		t.Fatal(err)
	}
	hears("its last name", true)
	if err := os.MkdirAll(filepath.Join(dir, "HND/2025"), 0o700); err != nil {
		t.Fatal(err)
	}
	hears("a folder", true)
	put("HND/2025/b.csv")
	hears("a file in it", true)
	stop()
	if _, ok := <-arrived; ok {
		t.Error("told after the end")
	}
	if _, err := Watch(t.Context(), filepath.Join(dir, "nosuch"), time.Second, nil); err == nil {
		t.Error("what is not there was watched")
	}
}
