package hostile_test

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/oas/tipstat/ingest/inbox"
	"github.com/oas/tipstat/ingest/review"
	"github.com/oas/tipstat/ingest/template"
	"github.com/oas/tipstat/testdata/realdata"
	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/record"
)

// mutations is how many files the corpus has, and mutationsVariable the environment variable
// that asks for more: TIPSTAT_MUTATIONS=200000 go test ./ingest/hostile -run Corpus -timeout 0
const (
	mutations         = 1_000
	mutationsVariable = "TIPSTAT_MUTATIONS"
	processes         = 2
)

// TestCorpus takes in thousands of damaged files made from the samples, the form and the
// published files, each from its seed alone: none takes the process down, none hangs, none
// fills the memory, and what is refused leaves the store as it was.
func TestCorpus(t *testing.T) {
	t.Parallel()
	n := mutations
	if s := os.Getenv(mutationsVariable); s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	writeBases(t, dir)
	var all []result
	var mu sync.Mutex
	t.Run("mutations", func(t *testing.T) {
		for i := range uint64(processes) {
			t.Run(fmt.Sprint("process ", i), func(t *testing.T) {
				t.Parallel()
				got := work{Base: dir, From: i, To: uint64(n), Step: processes}.runs(t)
				mu.Lock()
				all = append(all, got...)
				mu.Unlock()
			})
		}
	})
	if len(all) != n {
		t.Errorf("%d results of %d files", len(all), n)
	}
	outcomes, codes := map[string]int{}, map[string]int{}
	var used time.Duration
	most, faults := int64(0), 0
	for _, r := range all {
		if r.Fault != "" {
			if faults++; faults <= 20 {
				t.Errorf("%s (%s): %s", r.Name, r.How, r.Fault)
			}
		}
		outcomes[r.Outcome]++
		for _, c := range slices.Compact(slices.Sorted(slices.Values(r.Codes))) {
			codes[c]++
		}
		used, most = used+r.Took, max(most, r.MB)
	}
	slices.SortFunc(all, func(a, b result) int { return cmp.Compare(b.Took, a.Took) })
	for _, r := range all[:min(3, len(all))] {
		t.Logf("slow: %v, %s (%s)", r.Took.Round(time.Millisecond), r.Name, r.How)
	}
	t.Logf("%d files, %d faults, %v of processors, at most %d MB; %v", len(all), faults, used.Round(time.Second), most, outcomes)
	names := slices.SortedFunc(maps.Keys(codes), func(a, b string) int { return cmp.Compare(codes[b], codes[a]) })
	for i, name := range names {
		names[i] = fmt.Sprint(name, " ", codes[name])
	}
	t.Logf("findings that refused: %s", strings.Join(names, ", "))
	if len(codes) < 30 || outcomes[inbox.Accepted] < n/20 || outcomes[inbox.Refused] < n/4 {
		t.Errorf("the corpus is too tame or too wild: %v, %d codes", outcomes, len(codes))
	}
}

// TestSameSeed: a mutation can be made again from its seed.
func TestSameSeed(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"jam-monthly-victims.xlsx", "hti-victimes-trimestre.csv"} {
		copyTo(t, samples+"/"+name, filepath.Join(dir, name))
	}
	all, err := bases(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, of := range all {
		for seed := range uint64(50) {
			a, how := mutated(seeded(seed), of, all)
			if b, _ := mutated(seeded(seed), of, all); !bytes.Equal(a, b) {
				t.Errorf("%s, seed %d (%s): two files", of.name, seed, how)
			}
		}
	}
}

func copyTo(t *testing.T, from, to string) {
	t.Helper()
	b, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// realBases are published files, of which the beginning is enough.
var realBases = []string{"unodc-glotip/data_glotip.xlsx", "per-pnp/DataSet_trata_personas_enero2017_septiembre2025.xlsx", "bra-disque100/DicionriodeDadosDisque100.xlsx",
	"iom-htcds/HTCDS Excel Spreadsheet v2.0.xlsx", "iom-htcds/HTCDS Field Standards 2.0.ods", "arg-linea145/oficina-rescate-denuncias-referidos-202001-202112_data_cruda.csv",
	"mex-sesnsp/trata_rows_only.csv", "sdg-16.2.2/can-counts.csv", "sdg-16.2.2/can-rate.csv", "sdg-16.2.2/jam.csv", "treaties/18-12.csv", "treaties/18-12-a.csv", "treaties/18-12-b.csv", "treaties/18-12-c.csv"}

// baseRows is how many rows of a published file are kept.
const baseRows = 40

// writeBases writes the files that are mutated into a folder.
func writeBases(t *testing.T, dir string) {
	t.Helper()
	for _, pattern := range []string{samples + "/*.csv", samples + "/*.xlsx", samples + "/bad/*.csv", samples + "/bad/*.xlsx"} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			t.Fatalf("%s: %v, %v", pattern, names, err)
		}
		for _, name := range names {
			info, err := os.Stat(name)
			if err != nil {
				t.Fatal(err)
			}
			if base := filepath.Base(name); base != "expected.csv" && base != "truncated.xlsx" && base != "not-a-spreadsheet.xlsx" && info.Size() > 0 {
				copyTo(t, name, filepath.Join(dir, base))
			}
		}
	}
	put := func(name string, b []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put("sdmx.xml", []byte(sdmxHead+strings.Repeat(`<Series FREQ="A" REF_AREA="PER" INDICATOR="VICTIMS_DETECTED" SEX="F" AGE="_T"><Obs TIME_PERIOD="2023" OBS_VALUE="12" OBS_STATUS="A" COMMENT_OBS="a &lt; b"/></Series>`, 3)+sdmxTail))
	put("sdmx.csv", []byte("STRUCTURE,STRUCTURE_ID,ACTION,FREQ,REF_AREA,INDICATOR,SEX,AGE,EXPLOITATION,CITIZENSHIP,ORIGIN,TRANSIT,DESTINATION,COUNTING_UNIT,VICTIM_STATUS,UNIT_MEASURE,SOURCE_AGENCY,TIME_PERIOD,"+
		"OBS_VALUE,OBS_STATUS,CONF_STATUS,LOWER_BOUND,UPPER_BOUND,UNIT_MULT,DECIMALS,IDENTIFIED_BY,COVERAGE,LEGAL_ARTICLE,PERIOD_AS_REPORTED,COMMENT_OBS,DERIVATION,COMPARABILITY,COMPARABILITY_REASONS\n"+
		"dataflow,OAS:TIP(1.0.0),I,A,PER,VICTIMS_DETECTED,F,_T,_T,_T,_T,_T,_T,PERSON,IDENTIFIED,NUMBER,SAMPLE,2023,12,A,F,,,0,0,POLICE,NATIONAL,,,,reported,A,\n"))
	put("table.ods", ods(`<table:table table:name="A">`+numbered(`<table:table-row><table:table-cell office:value-type="float" office:value="#"/><table:table-cell table:number-columns-repeated="3"><text:p>a<text:s text:c="2"/></text:p></table:table-cell></table:table-row>`, 9)+`</table:table>`)(t))
	for _, lang := range record.Languages {
		put("form-"+lang+".xlsx", form(t, lang))
	}
	put("form-cases.xlsx", form(t, "es", "cases"))
	for _, name := range []string{"mark-in-number.xlsx", "unmapped-value.csv"} {
		put("review-"+strings.TrimSuffix(name, filepath.Ext(name))+".xlsx", marked(t, samples+"/bad/"+name))
	}
	var missing []string
	for _, name := range realBases {
		b, err := os.ReadFile(filepath.Join(realdata.Dir(t), filepath.FromSlash(name)))
		if err != nil {
			missing = append(missing, name)
			continue
		}
		put("real-"+filepath.Base(name), beginning(t, b))
	}
	if len(missing) > 0 {
		t.Logf("without the published files %s", strings.Join(missing, ", "))
	}
}

// form is the form for ministries, with a few figures or case rows.
func form(t testing.TB, lang string, records ...string) []byte {
	t.Helper()
	codes, err := codelist.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	f, err := template.Load(codes)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b, codes, template.Options{State: "HND", Year: 2025, Lang: lang, Records: records}); err != nil {
		t.Fatal(err)
	}
	x, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	name := x.GetSheetList()[1]
	for i, at := range []string{"C7", "D7", "E7", "C8", "D8", "G10"} {
		if err := x.SetCellValue(name, at, 3+i); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := x.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// marked is the review of a file, as a ministry sends it back.
func marked(t testing.TB, name string) []byte {
	t.Helper()
	k, err := newTaker(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r, err := k.in.Check(t.Context(), name, inbox.Options{})
	if err != nil || len(r.Findings) == 0 {
		t.Fatalf("%s: %+v, %v", name, r, err)
	}
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := review.Write(t.Context(), &out, bytes.NewReader(b), int64(len(b)), r.File, r.Findings, "es"); err != nil {
		t.Fatal(err)
	}
	if err := k.close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

var reShared = regexp.MustCompile(`t="s"[^>]*><v>([0-9]+)</v>`)

// beginning cuts a published file to its first rows, with the strings that they use.
func beginning(t *testing.T, b []byte) []byte {
	t.Helper()
	if !bytes.HasPrefix(b, []byte("PK")) {
		lines := bytes.SplitAfter(b, []byte("\n"))
		return bytes.Join(lines[:min(len(lines), baseRows)], nil)
	}
	parts, err := unzip(b)
	if err != nil {
		t.Fatal(err)
	}
	most := -1
	for i := range parts {
		if !strings.HasPrefix(parts[i].name, "xl/worksheets/sheet") {
			continue
		}
		parts[i].body = after(parts[i].body, "</row>", baseRows, "</sheetData>")
		for _, m := range reShared.FindAllSubmatch(parts[i].body, -1) {
			if n, err := strconv.Atoi(string(m[1])); err == nil {
				most = max(most, n)
			}
		}
	}
	for i := range parts {
		if parts[i].name == strings1 {
			parts[i].body = after(parts[i].body, "</si>", most+1, "</sst>")
		}
	}
	return zipped(parts)
}

// after drops what stands between the nth end and the next tail.
func after(b []byte, end string, n int, tail string) []byte {
	at := 0
	for range n {
		i := bytes.Index(b[at:], []byte(end))
		if i < 0 {
			return b
		}
		at += i + len(end)
	}
	i := bytes.Index(b[at:], []byte(tail))
	if i < 0 {
		return b
	}
	return slices.Concat(b[:at], b[at+i:])
}
