package disclosure

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/transform/disclosure/rounding"
)

var testKey = rounding.Key("a secret of 32 bytes, kept safe.")

func rounded(t *testing.T, db *sql.DB, o rounding.Options) Rounded {
	t.Helper()
	p, err := LoadPolicy(nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Round(context.Background(), db, p, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// figuresIn are all figures of persons that can be read, by observation.
func figuresIn(t *testing.T, db *sql.DB, table string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, line := range texts(t, db, `SELECT concat_ws('|', obs_id, coalesce(OBS_VALUE::VARCHAR, '-'), coalesce(LOWER_BOUND::VARCHAR, '-'), coalesce(UPPER_BOUND::VARCHAR, '-')) FROM `+table+`
		WHERE UNIT_MEASURE = 'NUMBER' AND COUNTING_UNIT IN ('PERSON', 'CASE', 'INCIDENT') AND INDICATOR NOT IN ('PERSONS_TRAINED', 'POPULATION')`) {
		id, rest, _ := strings.Cut(line, "|")
		out[id] = rest
	}
	return out
}

// ways are all methods with all bases.
func ways() (list []rounding.Options) {
	for _, base := range rounding.Bases {
		for _, m := range []rounding.Method{rounding.Random, rounding.Controlled} {
			list = append(list, rounding.Options{Base: base, Method: m, Key: testKey})
		}
	}
	return list
}

// TestRound: figures of persons are read as multiples next to them, older vintages
// too, bounds wider, and nothing beside them tells more; what counts no persons
// stays, and what a reporter withheld keeps the bounds that were told.
func TestRound(t *testing.T) {
	for _, o := range ways() {
		t.Run(fmt.Sprintf("%s %d", o.Method, o.Base), func(t *testing.T) {
			db := held(t)
			others := "SELECT obs_id || ' ' || OBS_VALUE FROM observation_current WHERE INDICATOR IN ('MLA_REQUESTS', 'PREVENTION_ACTIVITIES', 'ASSETS_CONFISCATED', 'PERSONS_TRAINED') AND OBS_VALUE IS NOT NULL ORDER BY obs_id"
			before, free := figuresIn(t, db, "main.observation"), texts(t, db, others)
			exec(t, db, `INSERT INTO observation_note SELECT obs_id, submission_id, 1 FROM main.observation`)
			s := rounded(t, db, o)
			base := float64(o.Base)
			if s.Figures < 50 || s.Rates != 3 || s.Remarks < 50 || len(s.Apart) > 0 || s.Base != o.Base || s.Method != o.Method {
				t.Errorf("%+v", s)
			}
			moved, further := 0, 0
			for _, table := range []string{"observation_current", "observation"} {
				for id, after := range figuresIn(t, db, table) {
					was, is := strings.Split(before[id], "|"), strings.Split(after, "|")
					if was[0] != is[0] {
						moved++
					}
					for i := range is {
						v, w := figureOf(is[i]), figureOf(was[i])
						told := was[0] == "-" && is[i] == was[i] // "<5" stays 0 to 4
						switch d := v - w; {
						case math.IsNaN(v) != math.IsNaN(w):
							t.Errorf("%s: %s of %s", id, after, before[id])
						case math.IsNaN(v) || told:
						case math.Mod(v, base) != 0 || i == 1 && was[0] != was[1] && d > 0 || i == 2 && was[0] != was[2] && d < 0:
							t.Errorf("%s: %s of %s", id, after, before[id])
						case i == 0 && math.Abs(d) >= base:
							further++
						}
					}
				}
			}
			if moved < 30 || further > 2*s.Further {
				t.Errorf("%d figures moved, %d of them further than to a neighbour; told of %d", moved, further, s.Further)
			}
			if n := len(figuresIn(t, db, "observation")); n <= len(figuresIn(t, db, "observation_current")) {
				t.Error("no older vintages: the test tests nothing")
			}
			for _, leak := range []string{
				`FROM observation WHERE INDICATOR = 'VICTIMS_DETECTED' AND (raw_text <> '' OR n_cells <> 0 OR COMMENT_OBS <> (CASE WHEN coalesce(OBS_VALUE, LOWER_BOUND, UPPER_BOUND) IS NULL OR OBS_VALUE IS NULL AND derivation = 'reported' THEN '' ELSE 'rounded' END))`,
				`FROM observation WHERE INDICATOR LIKE '%_RATE' AND (coalesce(OBS_VALUE, LOWER_BOUND, UPPER_BOUND) IS NOT NULL OR raw_text <> '' OR CONF_STATUS <> 'C' OR OBS_STATUS <> 'Q')`,
				`FROM observation WHERE INDICATOR NOT LIKE '%_RATE' AND OBS_VALUE IS NOT NULL AND CONF_STATUS <> 'F'`,
				`FROM observation JOIN observation_note USING (obs_id) WHERE INDICATOR = 'VICTIMS_DETECTED'`,
				`FROM observation WHERE REF_AREA NOT IN (SELECT REF_AREA FROM area_group)`,
			} {
				if left := texts(t, db, "SELECT obs_id::VARCHAR "+leak); len(left) > 0 {
					t.Errorf("%v %s", left, leak)
				}
			}
			if d := cmp.Diff(free, texts(t, db, others)); d != "" || len(free) < 4 {
				t.Errorf("what counts no persons (-before +after): %s", d)
			}
			if n := len(texts(t, db, "SELECT obs_id::VARCHAR FROM observation WHERE OBS_VALUE IS NULL AND LOWER_BOUND = 0 AND UPPER_BOUND = 4")); n < 4 {
				t.Errorf("%d figures are told as below 5", n)
			}
		})
	}
}

func exec(t *testing.T, db *sql.DB, query string) {
	t.Helper()
	if _, err := db.ExecContext(context.Background(), query); err != nil {
		t.Fatal(err)
	}
}

func figureOf(s string) float64 {
	var v float64
	if _, err := fmt.Sscan(s, &v); err != nil {
		return math.NaN()
	}
	return v
}

// TestRoundAgain: the same in each run; with another key not.
func TestRoundAgain(t *testing.T) {
	for _, m := range []rounding.Method{rounding.Random, rounding.Controlled} {
		var first map[string]string
		for i, key := range []rounding.Key{testKey, testKey, rounding.Key("another secret, of 32 bytes too.")} {
			db := held(t)
			rounded(t, db, rounding.Options{Method: m, Key: key}) // the base is the policy's
			got := figuresIn(t, db, "observation")
			if i == 0 {
				first = got
			}
			if same := cmp.Equal(first, got); same != (i < 2) && m == rounding.Random || i == 1 && !same {
				t.Errorf("%s, run %d: like the first: %v", m, i+1, same)
			}
		}
	}
}

// TestRoundAlike: the same figure of the same thing is rounded alike in another
// source, another counting unit, another vintage and beside other figures; so is
// a second total of it.
func TestRoundAlike(t *testing.T) {
	const copied = `INSERT INTO main.observation SELECT o.* REPLACE (9000 + obs_id AS obs_id, %s) FROM main.observation o
		WHERE INDICATOR = 'VICTIMS_DETECTED' AND OBS_VALUE IS NOT NULL AND preferred AND obs_id < 9000`
	for name, change := range map[string]string{
		"another source":        "'OTHER' AS SOURCE_AGENCY",
		"another counting unit": "'CASE' AS COUNTING_UNIT",
		"a second total":        "false AS preferred",
		"an older vintage":      "(SELECT min(submission_id) FROM submission) AS submission_id",
	} {
		for _, o := range ways() {
			db := heldWith(t, fmt.Sprintf(copied, change))
			rounded(t, db, o)
			got := figuresIn(t, db, "observation")
			n := 0
			for id, figure := range got {
				if again, ok := got[fmt.Sprint(9000+int(figureOf(id)))]; ok {
					n++
					if figure != again {
						t.Errorf("%s, %s %d: %s is %s, and %s", name, o.Method, o.Base, id, figure, again)
					}
				}
			}
			if n < 10 {
				t.Fatalf("%s: %d figures stand twice: the test tests nothing", name, n)
			}
		}
	}
}

// TestRevision: where sums are kept, a figure that was revised within the same
// multiples does not look revised.
func TestRevision(t *testing.T) {
	r := rounder{o: rounding.Options{Key: testKey}, base: 3, exact: settled{}}
	about := []string{"HND", "VICTIMS_DETECTED"}
	r.exact.add(about, 7, 9)
	for v, want := range map[float64]float64{7: 9, 8: 9, 9: 9, 10: 9, 11: 9} {
		if got := r.figure(about, v); got != want {
			t.Errorf("7 is 9 now, and %v was %v; want %v", v, got, want)
		}
	}
	if got := r.figure(about, 6); got != 6 {
		t.Errorf("6 is %v", got)
	}
}

// TestBounds: bounds that were rounded hold still, and whoever has not the key
// finds as many figures as the base that may have come out so, however far apart
// the bounds are.
func TestBounds(t *testing.T) {
	const most = 60
	for _, base := range []float64{3, 5} {
		for width := range 12 {
			for _, method := range []rounding.Method{rounding.Random, rounding.Controlled} {
				alike := map[[2]float64]map[int]bool{}
				for n := range 60 {
					r := rounder{o: rounding.Options{Key: testKey}, base: base, least: settled{}}
					about := []string{"HND", fmt.Sprint(n)}
					for v := range most {
						lower, upper := float64(v), float64(v+width)
						if method == rounding.Controlled {
							r.least.add(about, lower, rounding.Down(lower, base))
						}
						low, high := r.bounds(about, &lower, &upper)
						if *low > lower || *high < upper || *low < 0 || math.Mod(*low, base) != 0 || math.Mod(*high, base) != 0 {
							t.Fatalf("%v–%v, base %v: %v–%v", lower, upper, base, *low, *high)
						}
						key := [2]float64{*low, *high}
						if alike[key] == nil {
							alike[key] = map[int]bool{}
						}
						alike[key][v] = true
					}
				}
				for b, of := range alike {
					if len(of) < int(base) && b[1] < most {
						t.Errorf("%s, width %d, base %v: only %v come out as %v", method, width, base, of, b)
					}
				}
			}
		}
	}
}

// TestRoundSums: with controlled rounding all sums of the store's figures that
// held before hold afterwards.
func TestRoundSums(t *testing.T) {
	const sums = `SELECT t.obs_id || ': ' || string_agg(p.obs_id, ' ' ORDER BY p.obs_id) FROM observation_current t
		JOIN observation_current p USING (REF_AREA, INDICATOR, TIME_PERIOD, SEX, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION, SOURCE_AGENCY, COUNTING_UNIT, VICTIM_STATUS)
		WHERE t.INDICATOR = 'VICTIMS_DETECTED' AND t.AGE = '_T' AND p.AGE IN ('Y0T17', 'Y_GE18') AND t.preferred AND p.preferred AND t.n_missing = 0
		GROUP BY t.obs_id, t.OBS_VALUE HAVING count(p.OBS_VALUE) = 2 AND sum(p.OBS_VALUE) = t.OBS_VALUE ORDER BY t.obs_id`
	const add = `INSERT INTO main.observation SELECT o.* REPLACE (9000 + 10 * obs_id + y.n AS obs_id, y.code AS AGE,
			CASE y.n WHEN 1 THEN 1 ELSE o.OBS_VALUE - 1 END AS OBS_VALUE, CASE y.n WHEN 1 THEN 1 ELSE o.OBS_VALUE - 1 END AS LOWER_BOUND,
			CASE y.n WHEN 1 THEN 1 ELSE o.OBS_VALUE - 1 END AS UPPER_BOUND)
		FROM main.observation o, (VALUES (1, 'Y0T17'), (2, 'Y_GE18')) y(n, code)
		WHERE o.INDICATOR = 'VICTIMS_DETECTED' AND o.OBS_VALUE > 1 AND o.n_missing = 0 AND o.preferred AND o.SEX = '_T' AND o.AGE = '_T'
		  AND o.EXPLOITATION = '_T' AND o.CITIZENSHIP = '_T' AND o.REF_AREA <> 'ARG'`
	for _, o := range ways() {
		db := heldWith(t, add)
		before := texts(t, db, sums)
		rounded(t, db, o)
		after := texts(t, db, sums)
		if len(before) < 5 {
			t.Fatalf("%d sums: the test tests nothing", len(before))
		}
		if d := cmp.Diff(before, after); d != "" && o.Method == rounding.Controlled {
			t.Errorf("base %d (-before +after): %s", o.Base, d)
		} else if d == "" && o.Method == rounding.Random && o.Base == 3 {
			t.Error("random rounding keeps all sums: the test tests nothing")
		}
	}
}

// TestRoundHeld: where random rounding gives too much away, of small counts by four
// attributes with all their totals, figures are rounded so that sums hold.
func TestRoundHeld(t *testing.T) {
	const dense = `INSERT INTO main.observation SELECT o.* REPLACE (20000 + row_number() OVER () AS obs_id, 'CUB' AS REF_AREA, s.code AS SEX, a.code AS AGE,
			e.code AS EXPLOITATION, c.code AS CITIZENSHIP, s.n * a.n * e.n * c.n AS OBS_VALUE, s.n * a.n * e.n * c.n AS LOWER_BOUND, s.n * a.n * e.n * c.n AS UPPER_BOUND)
		FROM main.observation o, (VALUES ('F', 1), ('M', 1), ('_T', 2)) s(code, n), (VALUES ('Y0T17', 1), ('Y_GE18', 1), ('_T', 2)) a(code, n),
			(VALUES ('SEXUAL', 1), ('LABOUR', 1), ('_T', 2)) e(code, n), (VALUES ('BOL', 1), ('ARG', 1), ('_T', 2)) c(code, n) WHERE o.obs_id = 60`
	db := heldWith(t, dense)
	s := rounded(t, db, rounding.Options{Base: 3, Method: rounding.Random, Key: testKey})
	if d := cmp.Diff([]string{"CUB VICTIMS_DETECTED 2021"}, s.Held); d != "" {
		t.Errorf("held (-want +got): %s", d)
	}
	const off = `SELECT 'sex: ' || t.obs_id FROM observation_current t JOIN observation_current p USING (REF_AREA, INDICATOR, AGE, EXPLOITATION, CITIZENSHIP)
		WHERE t.REF_AREA = 'CUB' AND t.obs_id > 20000 AND p.obs_id > 20000 AND t.SEX = '_T' AND p.SEX <> '_T' GROUP BY t.obs_id, t.OBS_VALUE HAVING sum(p.OBS_VALUE) <> t.OBS_VALUE`
	if list := texts(t, db, off); len(list) > 0 {
		t.Errorf("sums that do not hold: %v", list)
	}
}

// TestRoundRefused: no rounding without a secret, or to another base.
func TestRoundRefused(t *testing.T) {
	db := held(t)
	p, err := LoadPolicy(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range []rounding.Options{{}, {Base: 10, Key: testKey}, {Method: "up", Key: testKey}} {
		if s, err := Round(context.Background(), db, p, o); err == nil {
			t.Errorf("%+v: %+v", o, s)
		}
	}
}

// TestRoundingPolicy: a workspace changes the base alone.
func TestRoundingPolicy(t *testing.T) {
	for _, tt := range []struct{ file, want string }{
		{"rounding: {base: 5}\n", ""},
		{"rounding: {base: 4}\n", "base is 4"},
	} {
		p, err := LoadPolicy(fstest.MapFS{PolicyFile: {Data: []byte(tt.file)}})
		if tt.want != "" {
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), PolicyFile) {
				t.Errorf("%q: error %v", tt.file, err)
			}
			continue
		}
		if err != nil || p.Rounding.Base != 5 {
			t.Errorf("%q: %+v, %v", tt.file, p.Rounding, err)
		}
	}
}

// TestLoadKey: made once, by whoever comes first, for its owner alone; a damaged
// one is not replaced.
func TestLoadKey(t *testing.T) {
	dir := t.TempDir()
	keys := make([]rounding.Key, 8)
	var wait sync.WaitGroup
	for i := range keys {
		wait.Go(func() {
			var err error
			if keys[i], err = LoadKey(dir); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	for _, k := range keys {
		if string(k) != string(keys[0]) || len(k) != rounding.KeySize {
			t.Errorf("%x, and %x", keys[0], k)
		}
	}
	name := filepath.Join(dir, KeyFile)
	info, err := os.Stat(name)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if list, err := os.ReadDir(dir); err != nil || len(list) != 1 {
		t.Errorf("%v, %v", list, err)
	}
	if other, err := LoadKey(t.TempDir()); err != nil || string(other) == string(keys[0]) {
		t.Errorf("another workspace: %x, %v", other, err)
	}
	for _, damaged := range []string{"", "no hex\n", "abcd\n", strings.Repeat("00", rounding.KeySize)} {
		if err := os.WriteFile(name, []byte(damaged), 0o600); err != nil {
			t.Fatal(err)
		}
		if k, err := LoadKey(dir); err == nil || !strings.Contains(err.Error(), KeyFile) {
			t.Errorf("%q: %x, %v", damaged, k, err)
		}
	}
	if _, err := LoadKey(filepath.Join(dir, "none")); err == nil {
		t.Error("a key where there is no folder")
	}
}
