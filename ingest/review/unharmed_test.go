package review_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/oas/tipstat/ingest/sheet"
)

// office is how long LibreOffice may take.
const office = 3 * time.Minute

// TestLibreOffice opens reviews in LibreOffice and saves them: the cells and our
// comments are there, and it is still known for a review.
func TestLibreOffice(t *testing.T) {
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("soffice is not installed")
	}
	original := book(t, func(f *excelize.File) error {
		return errors.Join(f.MergeCell(data, "E2", "F4"), f.AddComment(data, excelize.Comment{Cell: "C2", Author: "Ana", Text: "lo dijo el juez"}))
	})
	b := write(t, original, "v.xlsx", "fr", finding("TIP-V001", data, "C2"), finding("TIP-V016", data, "C3"))
	dir := t.TempDir()
	if err := os.WriteFile(dir+"/v.review.xlsx", b, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), office)
	defer stop()
	out, err := exec.CommandContext(ctx, soffice, "-env:UserInstallation=file://"+dir+"/profile", "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML",
		"--outdir", dir+"/saved", dir+"/v.review.xlsx").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	saved, err := os.ReadFile(dir + "/saved/v.review.xlsx")
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if was, is := values(t, original), values(t, saved); was != is {
		t.Errorf("values\n%s\nsaved by LibreOffice\n%s", was, is)
	}
	f := open(t, saved)
	notes := comments(t, f, data)
	if !strings.HasPrefix(notes["C2"], "lo dijo el juez\n\n[tipstat] erreur TIP-V001") || !strings.HasPrefix(notes["C3"], "[tipstat] avertissement TIP-V016") {
		t.Errorf("comments: %q", notes)
	}
	if got := coloured(t, f, data); len(got) != 2 {
		t.Errorf("coloured: %q", got)
	}
	// The next review clears LibreOffice's version of the marks too.
	f = open(t, write(t, saved, "v.xlsx", "en", finding("TIP-V016", data, "A2")))
	if got := coloured(t, f, data); !slices.Equal(got, []string{"A2"}) {
		t.Errorf("coloured by the second review: %q", got)
	}
	notes = comments(t, f, data)
	if len(notes) != 2 || notes["C2"] != "lo dijo el juez" || !strings.HasPrefix(notes["A2"], "[tipstat]") {
		t.Errorf("comments of the second review: %q", notes)
	}
}

// values gives the cells of a workbook without a review's list.
func values(t *testing.T, b []byte) string {
	t.Helper()
	wb, err := sheet.Open(t.Context(), bytes.NewReader(b), int64(len(b)), "v.xlsx", sheet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer wb.Close()
	list, ok := wb.Review()
	var out strings.Builder
	for _, info := range wb.Sheets() {
		if ok && info.Index == list.Index {
			continue
		}
		fmt.Fprintln(&out, info.Name)
		err := wb.Read(t.Context(), info.Index, func(r *sheet.Row) error {
			for _, c := range r.Cells {
				fmt.Fprintln(&out, r.Address(c), c.Kind, c.Text)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out.String()
}

// TestEmptyText keeps the empty text that a formula gave: excelize alone would
// make of it a formula that was never computed.
func TestEmptyText(t *testing.T) {
	original := book(t, func(f *excelize.File) error {
		return errors.Join(f.SetCellFormula(data, "D2", `IF(1=1,"","x")`), f.SetCellStr(data, "D3", "tipstat:nothing here"))
	})
	original = zipEdit(t, original, "xl/worksheets/sheet1.xml", `<c r="D2" t="str"><f>IF(1=1,&#34;&#34;,&#34;x&#34;)</f></c>`, `<c r="D2" t="str"><f>IF(1=1,"","x")</f><v></v></c>`)
	b := write(t, original, "v.xlsx", "en", finding("TIP-V001", data, "D2"))
	if was, is := values(t, original), values(t, b); was != is || strings.Contains(is, "no value") {
		t.Errorf("%s\nbecame\n%s", was, is)
	}
}

// zipEdit replaces a text in a part of a workbook.
func zipEdit(t *testing.T, b []byte, part, old, now string) []byte {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name == part {
			if !bytes.Contains(text, []byte(old)) {
				t.Fatalf("no %s in %s", old, text)
			}
			text = bytes.Replace(text, []byte(old), []byte(now), 1)
		}
		to, err := w.Create(f.Name)
		if err == nil {
			_, err = to.Write(text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestForeignComments marks a workbook whose comments stand in parts that are
// named as openpyxl and LibreOffice name them: they are kept, and ours are added.
func TestForeignComments(t *testing.T) {
	original := book(t, func(f *excelize.File) error {
		return f.AddComment(data, excelize.Comment{Cell: "C2", Author: "Ana", Text: "lo dijo el juez"})
	})
	for old, now := range map[string]string{"xl/comments1.xml": "xl/comments/comment7.xml", "xl/drawings/vmlDrawing1.vml": "xl/drawings/commentsDrawing1.vml"} {
		original = rename(t, original, old, now)
	}
	original = zipEdit(t, original, "xl/worksheets/_rels/sheet1.xml.rels", "../comments1.xml", "/xl/comments/comment7.xml")
	original = zipEdit(t, original, "xl/worksheets/_rels/sheet1.xml.rels", "../drawings/vmlDrawing1.vml", "/xl/drawings/commentsDrawing1.vml")
	original = zipEdit(t, original, "[Content_Types].xml", "/xl/comments1.xml", "/xl/comments/comment7.xml")
	original = zipEdit(t, original, "xl/drawings/commentsDrawing1.vml", `id="_x0000_s1025"`, `id="shape_0"`)
	f := open(t, write(t, original, "v.xlsx", "en", finding("TIP-V001", data, "C2"), finding("TIP-V001", data, "A3")))
	notes := comments(t, f, data)
	if !strings.HasPrefix(notes["C2"], "lo dijo el juez\n\n[tipstat] error TIP-V001") || !strings.HasPrefix(notes["A3"], "[tipstat] error TIP-V001") {
		t.Errorf("comments: %q", notes)
	}
}

// TestButtons writes no comment into a workbook with buttons, which excelize
// would drop; the list and the colours are there.
func TestButtons(t *testing.T) {
	original := book(t, func(f *excelize.File) error {
		return f.AddFormControl(data, excelize.FormControl{Cell: "E5", Type: excelize.FormControlButton, Text: "Calcular"})
	})
	b := write(t, original, "v.xlsx", "en", finding("TIP-V001", data, "C2"))
	f := open(t, b)
	if notes := comments(t, f, data); len(notes) != 0 {
		t.Errorf("comments: %q", notes)
	}
	if got := coloured(t, f, data); !slices.Equal(got, []string{"C2"}) {
		t.Errorf("coloured: %q", got)
	}
	if controls, err := f.GetFormControls(data); err != nil || len(controls) != 1 {
		t.Errorf("buttons: %v %v", controls, err)
	}
}

// TestMacros keeps the macros of an .xlsm, and what says that it has some.
func TestMacros(t *testing.T) {
	const with, without = "application/vnd.ms-excel.sheet.macroEnabled.main+xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
	original := rename(t, zipEdit(t, book(t, nil), "[Content_Types].xml", without, with), "docProps/app.xml", "xl/vbaProject.bin")
	b := write(t, original, "v.xlsm", "en")
	r, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name == "xl/vbaProject.bin" || f.Name == "[Content_Types].xml" && bytes.Contains(text, []byte(with)) {
			found++
		}
	}
	if found != 2 {
		t.Errorf("%d of the macros and their type", found)
	}
}

// rename gives a part of a workbook another name.
func rename(t *testing.T, b []byte, old, now string) []byte {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range r.File {
		name := f.Name
		if name == old {
			name = now
		}
		to, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		in, err := f.Open()
		if err == nil {
			_, err = io.Copy(to, in)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
