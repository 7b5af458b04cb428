package main

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/unicode/norm"
)

// payloads are texts that would do something to whoever opens them; PWN tells them from
// ours. They hold no number, for remarks with one are not published.
var payloads = []string{`=HYPERLINK("#PWN","PWN")`, "+PWN+PWN", "-PWN-PWN", "@SUM(PWN)", "\t=PWN", "\r=PWN", "\n=PWN", "＝PWN", "＋PWN", "－PWN", "＠PWN", "  =PWN", `"=PWN"`, `'=PWN`, "\u200b=PWN", "\u00a0=PWN",
	"=cmd|'/C calc'!PWN", "=DDE(PWN;PWN;PWN)", "see;=PWN", "see; +PWN", "see\t=PWN", "a,=PWN", "|cmd PWN", "=WEBSERVICE(PWN)",
	"<script>PWN</script>", `"><img src=x onerror=PWN>`, "[PWN](javascript:PWN)", "![PWN](x/PWN)", "</title><script>PWN</script>", "&lt;script&gt;PWN", "{{PWN}}", "`PWN`"}

// TestInjection lets a sender write such texts wherever a sender can, and looks at every
// file that is made for others, or given back: no cell runs, no page has a script of theirs.
func TestInjection(t *testing.T) {
	base := t.TempDir()
	dir := filepath.Join(base, "work")
	call := func(code int, args ...string) result {
		t.Helper()
		r := tipstatAt(t, sentinelLast, append([]string{"-w", dir}, args...)...)
		if r.code != code {
			t.Fatalf("%v: exit code %d, want %d\n%s", args, r.code, code, r.err)
		}
		return r
	}
	if r := tipstatAt(t, sentinelLast, "init", dir); r.code != exitDone {
		t.Fatal(r.err)
	}
	out := filepath.Join(base, "out")
	// The names of files and sheets.
	form, observations, bad := filepath.Join(base, "=PWN;=cmd|PWN.xlsx"), filepath.Join(base, "@PWN;=HYPERLINK(PWN).csv"), filepath.Join(base, "-PWN;+PWN.xlsx")
	call(exitDone, "template", "--state", "HND", "--period", "2024", "--lang", "es", "--records", "victims", "-o", form)
	fillForm(t, form)
	reviewed := filepath.Join(base, "=PWN;@PWN.review.xlsx")
	call(exitDone, "validate", "--review", reviewed, form)
	explained(t, reviewed)
	call(exitDone, "ingest", reviewed)
	if err := os.WriteFile(observations, []byte(hostileObservations()), 0o600); err != nil {
		t.Fatal(err)
	}
	call(exitDone, "ingest", observations)
	badWorkbook(t, bad)
	call(exitRefused, "validate", "--review", filepath.Join(base, "bad.review.xlsx"), bad)

	made := map[string][]byte{"findings.csv": []byte(call(exitRefused, "validate", "--no-review", "--format", "csv", bad, reviewed).stdout)}
	for _, control := range []string{"none", "suppression"} {
		for _, format := range []string{"csv", "xlsx", "html", "md", "px", "json-stat"} {
			for _, name := range []string{"victims", "victims-sex-age", "quality-reporting", "profile"} {
				if name == "profile" && (format == "px" || format == "json-stat") {
					continue // a table of words
				}
				file := filepath.Join(base, name+"."+control+"."+format)
				call(exitDone, "report", name, "--states", "HND,PER", "--years", "2005-2024", "--control", control, "--format", format, "-o", file)
			}
		}
		call(exitDone, "export", "csv", "--control", control, "-o", filepath.Join(out, control, "dataset"))
		call(exitDone, "export", "sdmx", "--control", control, "-o", filepath.Join(out, control, "sdmx"))
	}
	call(exitDone, "report", "pack", "--meeting", "=PWN;=PWN <script>PWN</script>", "--states", "HND,PER", "--years", "2022-2024", "--lang", "es", "--control", "none", "-o", filepath.Join(out, "pack"))
	call(exitDone, "export", "--for", "glotip", "--years", "2005-2024", "--control", "none", "-o", filepath.Join(out, "glotip.xlsx"))
	call(exitDone, "export", "--for", "glotip", "--years", "2005-2024", "--control", "none", "--missing", filepath.Join(out, "missing.csv"), "-o", filepath.Join(out, "glotip.csv"))
	call(exitDone, "template", "--state", "HND", "--period", "2025", "--lang", "es", "--records", "victims", "--from", dir, "-o", filepath.Join(out, "next.xlsx"))
	again := tipstatAt(t, sentinelLast, "-w", dir, "audit", "--all", "--format", "csv", filepath.Join(base, "victims.suppression.csv"))
	made["audit.csv"] = []byte(again.stdout)

	err := filepath.WalkDir(base, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || strings.HasPrefix(name, dir) || name == observations || name == bad || name == form {
			return err
		}
		made[strings.TrimPrefix(name, base)], err = os.ReadFile(name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]int{}
	for name, b := range made {
		ext := filepath.Ext(name)
		if says(t, ext, b) {
			told[ext]++
		}
		for _, fault := range runs(t, ext, b) {
			t.Errorf("%s: %s", name, fault)
		}
	}
	t.Logf("%d files; of these tell a hostile text: %v", len(made), told)
	for _, ext := range []string{".csv", ".xlsx", ".html", ".md"} { // or nothing was looked for
		if told[ext] < 2 {
			t.Errorf("only %d files %s tell a hostile text", told[ext], ext)
		}
	}
}

// fillForm writes figures and notes into the form.
func fillForm(t *testing.T, name string) {
	t.Helper()
	edit(t, name, func(f *excelize.File) error {
		cells := map[string]any{"C4": "Cero", "C7": 5, "D7": 3, "C8": 21, "C14": "Cero", "C17": 30}
		for at, v := range cells {
			if err := f.SetCellValue("Víctimas", at, v); err != nil {
				return err
			}
		}
		for i, p := range payloads[:15] {
			if err := f.SetCellStr("Notas", fmt.Sprint("C", 5+i), p); err != nil {
				return err
			}
		}
		for at, v := range map[string]string{"D5": "Víctima identificada formalmente", "D6": "Policía", "D8": payloads[0]} { // the last are the articles of the law
			if err := f.SetCellStr("Definiciones", at, v); err != nil {
				return err
			}
		}
		return f.SetSheetName("Víctimas", "=PWN;+PWN")
	})
}

// explained writes beside each finding of a review why it is right.
func explained(t *testing.T, name string) {
	t.Helper()
	edit(t, name, func(f *excelize.File) error {
		list, n := f.GetSheetList()[0], 0
		for row := 7; row < 40; row++ {
			key, err := f.GetCellValue(list, fmt.Sprint("I", row))
			if err != nil {
				return err
			}
			if !strings.HasPrefix(key, "TIP-") {
				continue
			}
			if err := f.SetCellStr(list, fmt.Sprint("H", row), payloads[(n*7)%len(payloads)]); err != nil {
				return err
			}
			n++
		}
		if n == 0 {
			t.Error("no finding in the review")
		}
		return nil
	})
}

func edit(t *testing.T, name string, change func(*excelize.File) error) {
	t.Helper()
	f, err := excelize.OpenFile(name)
	if err == nil {
		err = change(f)
	}
	if err == nil {
		err = f.Save()
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// hostileObservations is an SDMX-CSV file with remarks and articles of laws.
func hostileObservations() string {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write(strings.Split("STRUCTURE,STRUCTURE_ID,ACTION,FREQ,REF_AREA,INDICATOR,SEX,AGE,EXPLOITATION,CITIZENSHIP,ORIGIN,TRANSIT,DESTINATION,COUNTING_UNIT,VICTIM_STATUS,UNIT_MEASURE,SOURCE_AGENCY,TIME_PERIOD,"+
		"OBS_VALUE,OBS_STATUS,CONF_STATUS,LOWER_BOUND,UPPER_BOUND,UNIT_MULT,DECIMALS,IDENTIFIED_BY,COVERAGE,LEGAL_ARTICLE,PERIOD_AS_REPORTED,COMMENT_OBS,DERIVATION,COMPARABILITY,COMPARABILITY_REASONS", ","))
	for i, p := range payloads {
		year := fmt.Sprint(2005 + i%19)
		area := []string{"PER", "HND"}[i/19]
		_ = w.Write([]string{"dataflow", "OAS:TIP(1.0.0)", "I", "A", area, "VICTIMS_DETECTED", "_T", "_T", "_T", "_T", "_T", "_T", "_T", "PERSON", "IDENTIFIED", "NUMBER", "SAMPLE", year,
			fmt.Sprint(100 + i), "A", "F", "", "", "0", "0", "POLICE", "NATIONAL", payloads[(i+5)%len(payloads)], "", p, "reported", "A", ""})
	}
	w.Flush()
	return b.String()
}

// badWorkbook has a text where a figure should be, and a sheet with a name.
func badWorkbook(t *testing.T, name string) {
	t.Helper()
	b, err := os.ReadFile("../../testdata/samples/jam-monthly-victims.xlsx")
	if err == nil {
		err = os.WriteFile(name, b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(filepath.Dir(name), "work", "layouts"), os.DirFS("../../testdata/samples/layouts")); err != nil {
		t.Fatal(err)
	}
	edit(t, name, func(f *excelize.File) error {
		sheet := f.GetSheetList()[0]
		for i, p := range payloads[:8] {
			if err := f.SetCellStr(sheet, fmt.Sprint("C", 4+i), p); err != nil {
				return err
			}
		}
		return f.SetSheetName(sheet, "@PWN;=PWN")
	})
}

// says tells whether a hostile text stands in a file at all.
func says(t *testing.T, ext string, b []byte) bool {
	if ext != ".xlsx" {
		return bytes.Contains(b, []byte("PWN"))
	}
	found := false
	eachPart(t, b, func(_ string, body []byte) { found = found || bytes.Contains(body, []byte("PWN")) })
	return found
}

func eachPart(t *testing.T, b []byte, fn func(name string, body []byte)) {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.File {
		rc, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(rc)
		if err != nil {
			t.Fatal(err)
		}
		rc.Close()
		fn(f.Name, body)
	}
}

var (
	// inFormula are the places of a workbook that a spreadsheet computes or follows.
	inFormula = regexp.MustCompile(`(?s)<(?:x14:)?(?:f|formula|formula1|formula2|xm:f|definedName|hyperlink|ddeLink|calculatedColumnFormula)\b[^>]*?(?:/>|>.*?<)`)
	reScript  = regexp.MustCompile(`(?i)<script>PWN|<img[^>]*PWN|(?:href|src|action)\s*=\s*["']?\s*(?:javascript|http://x)`)
	reLink    = regexp.MustCompile(`[^\\]\]\((?:javascript|x/)`)
)

// runs gives what a program would run, follow or show as its own in a file.
func runs(t *testing.T, ext string, b []byte) (faults []string) {
	t.Helper()
	switch ext {
	case ".csv":
		for _, sep := range ",;\t|" {
			for _, field := range fields(string(b), sep) {
				if strings.Contains(field, "PWN") && computes(field) {
					faults = append(faults, fmt.Sprintf("parted by %q the field %q would run", sep, field))
				}
			}
		}
	case ".xlsx":
		eachPart(t, b, func(name string, body []byte) {
			if strings.HasSuffix(name, ".rels") && bytes.Contains(body, []byte("PWN")) {
				faults = append(faults, name+" leads to a hostile text")
			}
			for _, m := range inFormula.FindAll(body, -1) {
				plain := bytes.ReplaceAll(bytes.ReplaceAll(m, []byte("&apos;"), []byte("'")), []byte("&#39;"), []byte("'"))
				// The name of a sheet in quotation marks is a reference to that sheet.
				if left := quotedSheet.ReplaceAll(plain, nil); bytes.Contains(left, []byte("PWN")) {
					faults = append(faults, name+": "+string(m))
				}
			}
		})
	case ".html":
		for _, m := range reScript.FindAll(b, -1) {
			faults = append(faults, string(m))
		}
	case ".md":
		for _, re := range []*regexp.Regexp{reLink, regexp.MustCompile(`(?:^|[^\\])<(?:script|img)`)} {
			for _, m := range re.FindAll(b, -1) {
				faults = append(faults, string(m))
			}
		}
	}
	return faults
}

var quotedSheet = regexp.MustCompile(`'(?:[^']|'')*'!|(?:location|display|ref|name|localSheetId)="[^"]*"`)

// fields cuts a csv file as a spreadsheet does that parts columns by sep: a quotation mark
// counts at the beginning of a field alone.
func fields(s string, sep rune) (all []string) {
	var field strings.Builder
	quoted, start := false, true
	in := []rune(s)
	end := func() { all = append(all, field.String()); field.Reset(); quoted, start = false, true }
	for i := 0; i < len(in); i++ {
		r := in[i]
		switch {
		case start && r == '"':
			quoted, start = true, false
		case quoted && r == '"' && i+1 < len(in) && in[i+1] == '"':
			field.WriteRune('"')
			i++
		case quoted && r == '"':
			quoted = false
		case !quoted && (r == sep || r == '\n' || r == '\r'):
			end()
		default:
			field.WriteRune(r)
			start = false
		}
	}
	end()
	return all
}

// computes tells whether some spreadsheet takes a field for a formula. It shares no code
// with what prevents that.
func computes(field string) bool {
	s := strings.TrimLeftFunc(norm.NFKC.String(field), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '"'
	})
	return s != "" && strings.Contains("=+-@", s[:1])
}
