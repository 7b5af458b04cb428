package sheet_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"strings"
	"testing"

	"github.com/oas/tipstat/ingest/sheet"
)

// entry is one entry of a zip that a test builds. The size and checksum that
// the file declares can be changed.
type entry struct {
	name, body string
	mutate     func(*zip.FileHeader)
	raw        []byte // compressed bytes, when they are not those of body
}

func zipOf(tb testing.TB, entries ...entry) []byte {
	tb.Helper()
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: zip.Store, CRC32: crc32.ChecksumIEEE([]byte(e.body)),
			UncompressedSize64: uint64(len(e.body)), CompressedSize64: uint64(len(e.body))}
		if e.mutate == nil && e.raw == nil {
			f, err := w.CreateHeader(&zip.FileHeader{Name: e.name, Method: zip.Deflate})
			if err != nil {
				tb.Fatal(err)
			}
			if _, err := f.Write([]byte(e.body)); err != nil {
				tb.Fatal(err)
			}
			continue
		}
		if e.mutate != nil {
			e.mutate(h)
		}
		body := []byte(e.body)
		if e.raw != nil {
			body = e.raw
			h.CompressedSize64 = uint64(len(body))
		}
		f, err := w.CreateRaw(h)
		if err != nil {
			tb.Fatal(err)
		}
		if _, err := f.Write(body); err != nil {
			tb.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return buf.Bytes()
}

const (
	nsMain = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	nsRel  = `xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	relURL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	mime   = "application/vnd.openxmlformats-officedocument.spreadsheetml."
	decl   = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
)

// bookOf gives the entries of a small workbook with one sheet; the entries
// given replace those of the same name, or are added.
func bookOf(sheetXML string, others ...entry) []entry {
	all := []entry{
		{name: "[Content_Types].xml", body: decl + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
			`<Override PartName="/xl/workbook.xml" ContentType="` + mime + `sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="` + mime + `worksheet+xml"/>` +
			`<Override PartName="/xl/sharedStrings.xml" ContentType="` + mime + `sharedStrings+xml"/><Override PartName="/xl/styles.xml" ContentType="` + mime + `styles+xml"/></Types>`},
		{name: "_rels/.rels", body: decl + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + relURL + `officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{name: "xl/workbook.xml", body: decl + `<workbook ` + nsMain + ` ` + nsRel + `><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`},
		{name: "xl/_rels/workbook.xml.rels", body: decl + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + relURL + `worksheet" Target="worksheets/sheet1.xml"/>` +
			`<Relationship Id="rId2" Type="` + relURL + `sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="` + relURL + `styles" Target="/xl/styles.xml"/></Relationships>`},
		{name: "xl/sharedStrings.xml", body: decl + `<sst ` + nsMain + ` count="2" uniqueCount="3"><si><t>hello</t></si><si><r><rPr><b/></rPr><t>rich </t></r><r><t xml:space="preserve">te&amp;xt</t></r><rPh sb="0" eb="1"><t>no</t></rPh></si><si><t>a_x000D_b_x005F_x0041_</t></si></sst>`},
		{name: "xl/styles.xml", body: decl + `<styleSheet ` + nsMain + `><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/><numFmt numFmtId="165" formatCode="[h]:mm"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>` +
			`<cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="20"/><xf numFmtId="165"/><xf numFmtId="22"/></cellXfs></styleSheet>`},
		{name: "xl/worksheets/sheet1.xml", body: sheetXML},
	}
	for _, o := range others {
		found := false
		for i := range all {
			if all[i].name == o.name {
				all[i], found = o, true
			}
		}
		if !found {
			all = append(all, o)
		}
	}
	return all
}

// sheetOf wraps rows in a worksheet.
func sheetOf(rows string) string {
	return decl + `<worksheet ` + nsMain + `><sheetData>` + rows + `</sheetData></worksheet>`
}

// read reads the whole of a file and gives its cells, one line a row.
func read(b []byte, opts sheet.Options) (string, error) {
	var out strings.Builder
	ctx := context.Background()
	w, err := sheet.Open(ctx, bytes.NewReader(b), int64(len(b)), "file", opts)
	if err != nil {
		return "", err
	}
	defer w.Close()
	for _, info := range w.Sheets() {
		if len(w.Sheets()) > 1 {
			fmt.Fprintf(&out, "== %s %s\n", info.Name, info.Visibility)
		}
		err := w.Read(ctx, info.Index, func(r *sheet.Row) error {
			fmt.Fprint(&out, r.Number)
			if r.Hidden {
				out.WriteString(" hidden")
			}
			for _, c := range r.Cells {
				fmt.Fprintf(&out, " %d:%s:%s", c.Col, c.Kind, c.Text)
			}
			out.WriteByte('\n')
			return nil
		})
		if err != nil {
			return out.String(), err
		}
		d, err := w.Details(ctx, info.Index)
		if err != nil {
			return out.String(), err
		}
		if len(d.Merges) > 0 {
			fmt.Fprintln(&out, "merged", d.Merges)
		}
		if len(d.HiddenColumns) > 0 {
			fmt.Fprintln(&out, "hidden columns", d.HiddenColumns)
		}
		for _, c := range d.Comments {
			fmt.Fprintf(&out, "comment R%dC%d %q\n", c.Row, c.Col, c.Text)
		}
		for _, t := range d.Tables {
			fmt.Fprintf(&out, "table %+v\n", t)
		}
	}
	for _, n := range w.Names() {
		fmt.Fprintf(&out, "name %+v\n", n)
	}
	for _, n := range w.Notes() {
		fmt.Fprintln(&out, "note", n.Code, n.Found)
	}
	return out.String(), nil
}

// codeOf gives the code of an error, "" for nil, and the error's own text for
// one that is not ours.
func codeOf(err error) string {
	var e *sheet.Error
	if errors.As(err, &e) {
		return e.Code
	}
	if err != nil {
		return err.Error()
	}
	return ""
}
