package main

import (
	"encoding/csv"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/oas/tipstat/testdata/scale"
	"github.com/oas/tipstat/transform/disclosure/audit"
)

// TestReleaseGLOTIP: packs of UNODC's file are fit for publication, whatever years
// they are of and in whatever language, and so are two of them together; as a
// working pack the same figures are not.
func TestReleaseGLOTIP(t *testing.T) {
	work := glotipWorkspace(t)
	pack := func(name string, args ...string) string {
		t.Helper()
		dir := filepath.Join(t.TempDir(), name)
		began := time.Now()
		r := tipstat(t, append([]string{"-w", work, "report", "pack", "-o", dir}, args...)...)
		if r.code != exitDone {
			t.Fatalf("%s: exit code %d\n%s", name, r.code, r.err)
		}
		t.Logf("%s: %v, %s", name, time.Since(began).Round(100*time.Millisecond), strings.Split(r.err, "\n")[0])
		return dir
	}
	safe := func(least int, dirs ...string) {
		t.Helper()
		r := audited(t, dirs...)
		t.Logf("%d of %d hidden figures fail", r.Failed(), r.Hidden)
		if r.Failed() > 0 || r.Hidden < least {
			t.Errorf("%v: %d of %d hidden cells fail", dirs, r.Failed(), r.Hidden)
		}
	}
	five := pack("five", "--years", "2017-2021")
	safe(900, five)
	if !scale.All() {
		next := pack("next", "--years", "2018-2022", "--lang", "es", "--previous", five)
		safe(900, next)
		safe(900, five, next)
		return // the rest is proved on the samples too
	}
	all := pack("all", "--years", "2003-2022", "--lang", "es", "--previous", five)
	safe(2000, all)
	safe(2000, five, all)

	for _, control := range []string{"random-rounding", "controlled-rounding"} {
		lines, err := csv.NewReader(strings.NewReader(say(t, "-w", work, "report", "victims-sex-age", "--years", "2017-2021", "--control", control, "--format", "csv"))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		at, figures := slices.Index(lines[0], "OBS_VALUE"), 0
		for _, line := range lines[1:] {
			if v, err := strconv.Atoi(line[at]); err == nil && line[1] == "series" {
				if figures++; v%3 != 0 {
					t.Errorf("%s: %v", control, line)
				}
			}
		}
		if figures < 500 {
			t.Errorf("%s: %d figures", control, figures)
		}
	}

	inside := audited(t, pack("inside", "--years", "2017-2021", "--control", "none", "--without", "profile"))
	t.Logf("not for publication: %d of %d hidden cells fail, %d exactly told", inside.Failed(), inside.Hidden, inside.ByVerdict[audit.Exact])
	if inside.Failed() < 200 {
		t.Errorf("of a working pack %d of %d hidden cells fail", inside.Failed(), inside.Hidden)
	}
}
