package template_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/oas/tipstat/ingest/sheet"
	"github.com/oas/tipstat/ingest/template"
	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/record"
)

func load(t *testing.T) (*template.Form, *codelist.Set) {
	t.Helper()
	codes, err := codelist.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	f, err := template.Load(codes)
	if err != nil {
		t.Fatal(err)
	}
	return f, codes
}

func write(t *testing.T, lang string) []byte {
	t.Helper()
	f, codes := load(t)
	var buf bytes.Buffer
	if err := f.Write(&buf, codes, template.Options{State: "HND", Year: 2025, Lang: lang}); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// words are what a person would choose from the lists, by language.
var words = map[string]struct {
	zero, notAvailable, national, police, identified string
	countries                                        []string
}{
	"en": {"Zero", "Not available", "Whole country", "Police", "Formally identified victim", []string{"Honduras", "Guatemala", "United States"}},
	"es": {"Cero", "No disponible", "Todo el país", "Policía", "Víctima identificada formalmente", []string{"Honduras", "Guatemala", "Estados Unidos"}},
	"pt": {"Zero", "Não disponível", "Todo o país", "Polícia", "Vítima formalmente identificada", []string{"Honduras", "Guatemala", "Estados Unidos"}},
	"fr": {"Zéro", "Non disponible", "Pays entier", "Police", "Victime formellement identifiée", []string{"Honduras", "Guatemala", "États-Unis"}},
}

// fill fills a form in as a person would: figures into the cells of women and
// men and of tables with one column, nothing into the others, whose meaning is
// said above the table. It gives what it wrote, by table, row and column codes.
func fill(t *testing.T, form []byte, lang string) ([]byte, map[string]string) {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(form))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := words[lang]
	set := func(name, at string, v any) {
		if err := f.SetCellValue(name, at, v); err != nil {
			t.Fatal(err)
		}
	}
	want := map[string]string{}
	n := 0
	for _, name := range f.GetSheetList() {
		rows, err := f.GetRows(name)
		if err != nil {
			t.Fatal(err)
		}
		table, opened := "", 0
		var codes map[int]string
		for i, row := range rows {
			if len(row) == 0 {
				continue
			}
			mark, no := row[0], i+1
			switch {
			case strings.HasPrefix(mark, "§"):
				table, codes, opened = mark[len("§"):], nil, 0
			case strings.HasSuffix(mark, ".COVERAGE"):
				set(name, fmt.Sprint("D", no), w.national)
			case strings.HasSuffix(mark, ".IDENTIFIED_BY"):
				set(name, fmt.Sprint("D", no), w.police)
			case strings.HasSuffix(mark, ".VICTIM_STATUS"):
				set(name, fmt.Sprint("D", no), w.identified)
			case strings.HasSuffix(mark, ".LEGAL_ARTICLE"):
				set(name, fmt.Sprint("D", no), "art. 219 CP")
			case table == "":
			case mark == "?":
				at := map[bool]string{true: "E", false: "C"}[table == "routes"]
				switch table {
				case "assisted-sex-age": // left empty
				case "repatriated-sex-age":
					set(name, fmt.Sprint(at, no), w.notAvailable)
				default:
					set(name, fmt.Sprint(at, no), w.zero)
				}
			case mark == "#":
				codes = map[int]string{}
				for c, code := range row[1:] {
					if code != "" {
						codes[c+2] = code
					}
				}
			case codes == nil || mark == "" || mark == "_T" || strings.HasSuffix(table, "ed-sex-age") && table != "detected-sex-age":
			default:
				key := mark
				if mark == "+" {
					if opened++; opened > 2 {
						continue
					}
					key = w.countries[opened-1]
				}
				for _, c := range slices.Sorted(maps.Keys(codes)) {
					at := record.CellName(no, c)
					switch code := codes[c]; {
					case code == "CITIZENSHIP" || code == "ORIGIN":
						set(name, at, w.countries[opened-1])
					case code == "DESTINATION":
						set(name, at, w.countries[2])
					case code == "F", code == "M", code == "_T" && (table == "offences" || table == "measures" || table == "sentences"):
						n++
						set(name, at, n)
						want[table+" "+key+" "+code] = fmt.Sprint(n)
					}
				}
			}
		}
	}
	var buf bytes.Buffer
	if err := f.Write(&buf); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes(), want
}

// row is one figure, column by column.
type row map[string]string

type got struct {
	filled   *template.Filled
	figures  []row
	findings record.Findings
	account  []record.RowAccount
}

func (g got) codes() (all []string) {
	for _, f := range g.findings {
		all = append(all, strings.TrimSpace(f.Code+" "+f.Subject.Cell))
	}
	return all
}

func read(t *testing.T, file []byte) got {
	t.Helper()
	f, codes := load(t)
	ctx := context.Background()
	wb, err := sheet.Open(ctx, bytes.NewReader(file), int64(len(file)), "form", sheet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer wb.Close()
	filled, faults, err := f.Recognise(ctx, wb, "form", codes)
	if err != nil {
		t.Fatal(err)
	}
	g := got{filled: filled, findings: faults}
	if filled == nil || faults.Err() != nil {
		return g
	}
	mem := memory.NewCheckedAllocator(memory.DefaultAllocator)
	defer mem.AssertSize(t, 0)
	b := record.NewBuilder(mem, record.KindFigure, func(batch arrow.RecordBatch) error {
		for i := range int(batch.NumRows()) {
			r := row{}
			for j, f := range batch.Schema().Fields() {
				if !batch.Column(j).IsNull(i) {
					r[f.Name] = batch.Column(j).ValueStr(i)
				}
			}
			g.figures = append(g.figures, r)
		}
		return nil
	})
	defer b.Release()
	res, err := filled.Read(ctx, wb, codes, template.ReadOptions{File: "form", Builder: b})
	if err != nil {
		t.Fatal(err)
	}
	g.findings, g.account = res.Findings, res.Account
	return g
}

// brief gives the figures that stand in cells as what was written.
func brief(t *testing.T, g got, lang string) map[string]string {
	t.Helper()
	names := map[string]string{"HND": words[lang].countries[0], "GTM": words[lang].countries[1]}
	out := map[string]string{}
	for _, r := range g.figures {
		if r["raw_text"] == "" || r["SEX"] == "_T" && r["breakdown"] != "offences" && r["breakdown"] != "measures" && r["breakdown"] != "sentences" || r["AGE"] == "_T" && r["breakdown"] == "detected-sex-age" ||
			r["EXPLOITATION"] == "_T" && r["breakdown"] == "detected-exploitation" {
			continue // totals that a program computed
		}
		key := map[string]string{"detected-sex-age": r["AGE"], "detected-exploitation": r["EXPLOITATION"], "detected-citizenship": names[r["CITIZENSHIP"]],
			"routes": names[r["ORIGIN"]], "offences": r["INDICATOR"], "persons": r["INDICATOR"], "measures": r["INDICATOR"], "sentences": r["INDICATOR"]}[r["breakdown"]]
		out[r["breakdown"]+" "+key+" "+r["SEX"]] = r["OBS_VALUE"]
	}
	return out
}

// TestRoundTrip fills the form in, in each language, and reads the same figures:
// from the workbook as a script leaves it, and as LibreOffice saves it, computed,
// as .xlsx and as .ods.
func TestRoundTrip(t *testing.T) {
	dir := t.TempDir()
	office, noOffice := exec.LookPath("soffice")
	var files []string
	wants := map[string]map[string]string{}
	for _, lang := range record.Languages {
		file, want := fill(t, write(t, lang), lang)
		if len(want) < 50 {
			t.Fatalf("only %d figures", len(want))
		}
		wants[lang] = want
		t.Run(lang, func(t *testing.T) { roundTrip(t, file, lang, want) })
		name := filepath.Join(dir, lang+".xlsx")
		if err := os.WriteFile(name, file, 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, name)
	}
	for _, format := range []string{"xlsx", "ods"} {
		t.Run("LibreOffice "+format, func(t *testing.T) {
			if noOffice != nil || testing.Short() {
				t.Skip("soffice is not there")
			}
			cmd := exec.Command(office, append([]string{"-env:UserInstallation=file://" + filepath.ToSlash(dir) + "/profile", "--headless", "--convert-to", format, "--outdir", filepath.Join(dir, format)}, files...)...)
			if b, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("soffice: %v\n%s", err, b)
			}
			for _, lang := range record.Languages {
				file, err := os.ReadFile(filepath.Join(dir, format, lang+"."+format))
				if err != nil {
					t.Fatal(err)
				}
				roundTrip(t, file, lang, wants[lang])
			}
		})
	}
}

// TestOlderForms: a form of an older version that a ministry still has is read
// as it was meant. The files in testdata are blank forms as those versions wrote
// them.
func TestOlderForms(t *testing.T) {
	names, err := filepath.Glob("testdata/oas-tip-*.xlsx")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			blank, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			lang := strings.TrimSuffix(name, ".xlsx")[len(name)-len("es.xlsx"):]
			file, want := fill(t, blank, lang)
			roundTrip(t, file, lang, want)
		})
	}
}

func roundTrip(t *testing.T, file []byte, lang string, want map[string]string) {
	t.Helper()
	g := read(t, file)
	if g.filled == nil || g.filled.RefArea != "HND" || g.filled.Year != 2025 || g.filled.Lang != lang {
		t.Fatalf("%+v %v", g.filled, g.findings)
	}
	if diff := cmp.Diff(want, brief(t, g, lang)); diff != "" {
		t.Errorf("%s (-want +got)\n%s", lang, diff)
	}
	if codes := g.codes(); len(codes) != 1 || !regexp.MustCompile(`^TIP-T006 A\d+$`).MatchString(codes[0]) {
		t.Errorf("%s: findings %v; want only that a table was left empty", lang, codes)
	}
	zeros, missing := 0, 0
	for _, r := range g.figures {
		switch {
		case r["REF_AREA"] != "HND" || r["TIME_PERIOD"] != "2025" || r["FREQ"] != "A" || r["SOURCE_AGENCY"] != template.Agency || r["COVERAGE"] != "NATIONAL":
			t.Fatalf("%s: %v", lang, r)
		case r["raw_text"] == "" && r["OBS_VALUE"] == "0":
			zeros++
		case r["OBS_STATUS"] == "O":
			missing++
		}
		if r["INDICATOR"] == "VICTIMS_DETECTED" && (r["VICTIM_STATUS"] != "IDENTIFIED" || r["IDENTIFIED_BY"] != "POLICE" || r["LEGAL_ARTICLE"] != "art. 219 CP") {
			t.Fatalf("%s: %v", lang, r)
		}
	}
	if zeros == 0 || missing != 12 {
		t.Errorf("%s: %d zeros, %d not available", lang, zeros, missing)
	}
}

// TestSameBytes: no clock and no order of maps is in the form.
func TestSameBytes(t *testing.T) {
	for _, lang := range record.Languages {
		if !bytes.Equal(write(t, lang), write(t, lang)) {
			t.Errorf("%s: two forms differ", lang)
		}
	}
}

// TestTexts: each language has every text, and each text is used.
func TestTexts(t *testing.T) {
	key := regexp.MustCompile(`(?m)^([\w.-]+):`)
	var want []string
	for _, lang := range record.Languages {
		b, err := os.ReadFile("texts/" + lang + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		var keys []string
		for _, m := range key.FindAllStringSubmatch(string(b), -1) {
			keys = append(keys, m[1])
		}
		if want == nil {
			want = keys
		}
		if diff := cmp.Diff(want, keys); diff != "" {
			t.Errorf("%s (-en +%s)\n%s", lang, lang, diff)
		}
	}
}
