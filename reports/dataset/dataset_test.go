package dataset_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/reports/dataset"
	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/testdata/golden"
	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/store"
)

// control is a disclosure control that the figures have passed.
var control = &table.Control{Method: "suppression", Threshold: 5, ThresholdCases: 10}

// fixture is the store of these tests.
func fixture(t testing.TB) (*sql.DB, *codelist.Set) {
	t.Helper()
	ctx := context.Background()
	set, err := codelist.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	st, err := store.Open(ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	tx, err := st.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(tx.Vocabulary(ctx, set), tx.Commit(ctx)); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile("testdata/store.sql")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := st.DB().ExecContext(ctx, string(b)); err != nil {
		t.Fatal(err)
	}
	return st.DB(), set
}

// written writes a data set into a new folder.
func written(t testing.TB, db *sql.DB, set *codelist.Set, o dataset.Options) (string, *dataset.Set) {
	t.Helper()
	dir := t.TempDir()
	s, err := dataset.Write(t.Context(), db, set, dir, o)
	if err != nil {
		t.Fatal(err)
	}
	return dir, s
}

// files reads all files of a folder, by their names from there.
func files(t testing.TB, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(name)
		rel, bad := filepath.Rel(dir, name)
		out[filepath.ToSlash(rel)] = string(b)
		return errors.Join(err, bad)
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// reSize are sizes and hashes of files: a new code is no reason to write goldens anew.
var reSize = regexp.MustCompile(`("(?:bytes|hash|sha256)": |"@type": "xsd:(?:nonNegativeInteger|hexBinary)",\n *"@value": )("[^"]*"|\d+)`)

// reSecond is where the second code list is described: all are alike.
var reSecond = regexp.MustCompile(` *"(?:name|url|@id)": "(?:cl_area|codelists/CL_AREA.csv|#codelists/CL_AREA.csv)"`)

// TestGolden shows what is written: the figures, and what describes them.
func TestGolden(t *testing.T) {
	db, set := fixture(t)
	cc, err := dataset.FindLicence("cc-by-4.0")
	if err != nil {
		t.Fatal(err)
	}
	dir, _ := written(t, db, set, dataset.Options{Format: dataset.CSV, Params: table.Params{Lang: "es", Control: control}, AsOf: "2025-06-30", Licence: cc})
	got := files(t, dir)
	for _, name := range []string{"observation.csv", "observation.csv-metadata.json", "datapackage.json", "dcat.jsonld"} {
		text := reSize.ReplaceAllString(got[name], `$1"…"`)
		if at := reSecond.FindStringIndex(text); at != nil {
			text = text[:at[0]] + "…\n"
		}
		golden.Compare(t, name, text)
	}
	golden.Compare(t, "CL_RECORD.csv", got["codelists/CL_RECORD.csv"])
	dir, _ = written(t, db, set, dataset.Options{Format: dataset.CSV, Params: table.Params{States: []string{"HND", "PER"}, FromYear: 2022, ToYear: 2023}})
	golden.Compare(t, "working.csv", files(t, dir)["observation.csv"])
	dir, _ = written(t, db, set, dataset.Options{Format: dataset.Parquet, Params: table.Params{Control: control}})
	var names []string
	for name := range files(t, dir) {
		if strings.HasPrefix(name, "data/") {
			names = append(names, name)
		}
	}
	if len(names) != 4 { // HND has figures of two records
		t.Errorf("parts: %v", names)
	}
}

// TestSame: the same store and options give the same bytes, and each file is what the
// summary, the package and the catalogue say that it is.
func TestSame(t *testing.T) {
	db, set := fixture(t)
	for _, format := range dataset.Formats {
		o := dataset.Options{Format: format, Params: table.Params{Lang: "fr", Control: control}}
		dir, s := written(t, db, set, o)
		first := files(t, dir)
		for range 5 {
			again, _ := written(t, db, set, o)
			if d := cmp.Diff(first, files(t, again)); d != "" {
				t.Fatalf("%s: %s", format, d)
			}
		}
		if len(s.Files) != len(first) {
			t.Errorf("%s: %d files written, %d told", format, len(first), len(s.Files))
		}
		for _, f := range s.Files {
			sum := sha256.Sum256([]byte(first[f.Path]))
			hash := hex.EncodeToString(sum[:])
			if int(f.Bytes) != len(first[f.Path]) || f.SHA256 != hash {
				t.Errorf("%s: %s is of %d bytes, %s", format, f.Path, len(first[f.Path]), hash)
			}
			if strings.HasPrefix(f.Path, "data") && f.Rows == 0 || strings.Contains(f.Path, "observation.csv-") || strings.HasSuffix(f.Path, ".json") || strings.HasSuffix(f.Path, ".jsonld") {
				continue // these tell of the others
			}
			for _, describes := range []string{"datapackage.json", "dcat.jsonld"} {
				if !strings.Contains(first[describes], hash) || !strings.Contains(first[describes], `"`+f.Path+`"`) {
					t.Errorf("%s: %s does not tell of %s", format, describes, f.Path)
				}
			}
		}
		const want = "10 rows, 2 withheld, 2022 to 2023, [HND JAM PER], [PER_PNP UNODC], 2025-03-05T10:00:00.5Z"
		if got := fmt.Sprintf("%d rows, %d withheld, %d to %d, %v, %v, %s", s.Rows, s.Withheld, s.From, s.To, s.States, s.Agencies, s.Updated.Format(time.RFC3339Nano)); got != want {
			t.Errorf("%s: %s; want %s", format, got, want)
		}
	}
}

// TestKept: nothing leaves the store that has no place in the columns, nor a
// comment of a sender, nor how a withheld figure was made.
func TestKept(t *testing.T) {
	db, set := fixture(t)
	for _, format := range dataset.Formats {
		dir, _ := written(t, db, set, dataset.Options{Format: format, Params: table.Params{Control: control}})
		for _, row := range read(t, dir, format) {
			line := strings.Join(row, "|")
			for _, secret := range []string{"SECRET", "99117", "98711"} {
				if strings.Contains(line, secret) {
					t.Errorf("%s has %s: %s", format, secret, line)
				}
			}
			if strings.Contains(line, "|Q|C|") && !strings.Contains(line, "||||NUMBER|") {
				t.Errorf("%s: a withheld row has a figure: %s", format, line)
			}
		}
		for name, text := range files(t, dir) {
			for _, secret := range []string{"SECRET", "99117", "98711"} {
				if strings.Contains(text, secret) {
					t.Errorf("%s has %s", name, secret)
				}
			}
		}
	}
}

// TestRelease: all files say what control was applied, in every format; what has
// passed none says that it is not for publication.
func TestRelease(t *testing.T) {
	db, set := fixture(t)
	for _, tc := range []struct {
		control *table.Control
		lang    string
		says    string
		access  string
	}{
		{control, "en", "Disclosure control: counts of persons under 5", "access-right/PUBLIC"},
		{nil, "en", "not for publication", "access-right/NON_PUBLIC"},
		{nil, "pt", "publicação", "access-right/NON_PUBLIC"},
	} {
		for _, format := range dataset.Formats {
			dir, _ := written(t, db, set, dataset.Options{Format: format, Params: table.Params{Lang: tc.lang, Control: tc.control}})
			for name, text := range files(t, dir) {
				if strings.HasSuffix(name, ".csv") {
					continue // csv has no place for it: what stands beside it says it
				}
				if !strings.Contains(text, tc.says) {
					t.Errorf("%s, %s, %v: %s does not say %q", format, tc.lang, tc.control, name, tc.says)
				}
				if name == "dcat.jsonld" && !strings.Contains(text, tc.access) {
					t.Errorf("%s: %s does not say %s", format, name, tc.access)
				}
			}
			rows := read(t, dir, format)
			conf := slices.Index(rows[0], "CONF_STATUS")
			for _, row := range rows[1:] {
				if free := row[conf] == "F"; free && tc.control == nil {
					t.Errorf("%s: free, in a working file: %v", format, row)
				}
			}
		}
	}
}

// TestNothing: a folder without a figure is not written.
func TestNothing(t *testing.T) {
	db, set := fixture(t)
	for _, format := range dataset.Formats {
		for _, p := range []table.Params{{States: []string{"CAN"}}, {States: []string{"ITA"}}, {FromYear: 1999, ToYear: 2001}} {
			if _, err := dataset.Write(t.Context(), db, set, t.TempDir(), dataset.Options{Format: format, Params: p}); !errors.Is(err, dataset.ErrNothing) {
				t.Errorf("%s, %+v: %v", format, p, err)
			}
		}
	}
	if _, err := dataset.Write(t.Context(), db, set, t.TempDir(), dataset.Options{Format: "orc"}); err == nil || !strings.Contains(err.Error(), `"orc"`) {
		t.Errorf("format orc: %v", err)
	}
}

func TestFindLicence(t *testing.T) {
	for name, want := range map[string]string{
		"": "", "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/", "cc0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
		"https://example.org/terms": "https://example.org/terms", "http://example.org": "error", "mine": "error",
	} {
		got := ""
		switch l, err := dataset.FindLicence(name); {
		case err != nil:
			got = "error"
		case l != nil:
			got = l.Path
		}
		if got != want {
			t.Errorf("%q: %q; want %q", name, got, want)
		}
	}
}
