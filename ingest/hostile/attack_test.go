package hostile_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/oas/tipstat/ingest/inbox"
	"github.com/oas/tipstat/ingest/sheet"
)

const (
	sheet1, strings1, book1, types1 = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "[Content_Types].xml"
	main1                           = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	decl1                           = `<?xml version="1.0" encoding="UTF-8"?>`
	laughs                          = `<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>`
	sdmxHead                        = decl1 + `<m:StructureSpecificData xmlns:m="http://www.sdmx.org/resources/sdmxml/schemas/v3_0/message" xmlns:c="http://www.sdmx.org/resources/sdmxml/schemas/v3_0/common" xmlns:s="http://www.sdmx.org/resources/sdmxml/schemas/v3_0/data/structurespecific"><m:Header><m:ID>x</m:ID><m:Structure structureID="T"><c:StructureUsage>urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=OAS:TIP(1.0.0)</c:StructureUsage></m:Structure></m:Header><m:DataSet s:structureRef="T">`
	sdmxTail                        = `</m:DataSet></m:StructureSpecificData>`
	odsHead                         = decl1 + `<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>`
	odsTail                         = `</office:spreadsheet></office:body></office:document-content>`
	htiHead                         = "Année,Trimestre,Femmes,Hommes,Total\n"
)

// attack is one file, and the finding that must refuse it; "" for a file that is accepted,
// "unknown" for one that can be read and that no layout knows.
type attack struct {
	name, code string
	note       string // a warning that must be among the findings
	file       func(tb testing.TB) []byte
}

const unknown = "TIP-L001"

func text(s ...string) func(testing.TB) []byte {
	return func(testing.TB) []byte { return []byte(strings.Join(s, "")) }
}

func put(name string, body ...string) func(testing.TB) []byte {
	return func(tb testing.TB) []byte { return with(tb, part{name, []byte(strings.Join(body, ""))}) }
}

func swap(name, old, to string) func(testing.TB) []byte {
	return func(tb testing.TB) []byte { return replaced(tb, name, old, to) }
}

func ods(body string) func(testing.TB) []byte {
	return func(testing.TB) []byte {
		return zipped([]part{{"mimetype", []byte("application/vnd.oasis.opendocument.spreadsheet")}, {"content.xml", []byte(odsHead + body + odsTail)}})
	}
}

func sheetOf(rows string) string {
	return decl1 + `<worksheet ` + main1 + `><sheetData>` + rows + `</sheetData></worksheet>`
}

func utf16(s string, order binary.AppendByteOrder) string {
	var b []byte
	for _, r := range s {
		b = order.AppendUint16(b, uint16(r))
	}
	return string(b)
}

// numbered writes the pattern n times, with its number for #, from 1.
func numbered(pattern string, n int) string { return numberedFrom(1, pattern, n) }

func numberedFrom(first int, pattern string, n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.ReplaceAll(pattern, "#", strconv.Itoa(first+i)))
	}
	return b.String()
}

// TestAttacks takes hostile files in, each into a store that has a submission. Those that
// are about the reader alone are in ingest/sheet; here are those that also reach what stands
// behind it, and those of issue 8.
func TestAttacks(t *testing.T) {
	t.Parallel()
	attacks := append(zipAttacks(), append(xmlAttacks(), append(textAttacks(), ofForms()...)...)...)
	dir := t.TempDir()
	var files []string
	for i, a := range attacks {
		name := filepath.Join(dir, fmt.Sprintf("%03d.dat", i))
		if err := os.WriteFile(name, a.file(t), 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, name)
	}
	results := work{Files: files}.runs(t)
	if len(results) != len(attacks) {
		t.Fatalf("%d results of %d attacks", len(results), len(attacks))
	}
	worst, slowest := result{}, result{}
	for i, r := range results {
		a := attacks[i]
		t.Run(a.name, func(t *testing.T) {
			t.Logf("%-9s %-40.40s %7v %5d MB", r.Outcome, strings.Join(r.Codes, " "), r.Took.Round(time.Millisecond), r.MB)
			if r.Fault != "" {
				t.Error(r.Fault)
			}
			if a.code == "" && r.Outcome != inbox.Accepted || a.code != "" && (r.Outcome != inbox.Refused || !has(r.Codes, a.code)) {
				t.Errorf("%s %v; want %q", r.Outcome, r.Codes, a.code)
			}
			if a.note != "" && !has(r.Notes, a.note) {
				t.Errorf("notes %v; want %s", r.Notes, a.note)
			}
		})
		r.Name = a.name
		if r.MB > worst.MB {
			worst = r
		}
		if r.Took > slowest.Took {
			slowest = r
		}
	}
	t.Logf("%d attacks; most memory %d MB (%s), longest %v (%s)", len(attacks), worst.MB, worst.Name, slowest.Took.Round(time.Millisecond), slowest.Name)
}

func zipAttacks() []attack {
	named := func(name string) func(testing.TB) []byte { return put(name, "x") }
	return []attack{
		{"the file that is good", "", "", func(tb testing.TB) []byte { return zipped(goodParts(tb)) }},
		{"60 entries that share their bytes", sheet.CodeDuplicate, "", func(testing.TB) []byte { return overlapping(60) }},
		{"entries that quote each other (Fifield)", sheet.CodeDuplicate, "", func(testing.TB) []byte { return quoted(60) }},
		{"4,000 small entries of 200 kB", sheet.CodeRatio, "", func(tb testing.TB) []byte {
			parts := goodParts(tb)
			zeros := make([]byte, 200_000)
			for i := range 4000 {
				parts = append(parts, part{"x/" + strconv.Itoa(i), zeros})
			}
			return zipped(parts)
		}},
		{"5,000 entries", sheet.CodeEntries, "", func(tb testing.TB) []byte {
			parts := goodParts(tb)
			for i := range 5000 {
				parts = append(parts, part{"x/" + strconv.Itoa(i), nil})
			}
			return zipped(parts)
		}},
		{"a sheet of 80 MB in 80 kB", sheet.CodeRatio, "", func(tb testing.TB) []byte {
			return with(tb, part{sheet1, repeated(decl1+`<worksheet `+main1+`><sheetData>`, `<row/>`, 14<<20, `</sheetData></worksheet>`)})
		}},
		{"a picture of 80 MB in 80 kB", sheet.CodeRatio, "", func(tb testing.TB) []byte { return with(tb, part{"xl/media/a.png", make([]byte, 80<<20)}) }},
		{"a zip in a zip in a zip", "", "", func(tb testing.TB) []byte {
			inner := zipped([]part{{"bomb", make([]byte, 50<<20)}})
			for range 3 {
				inner = zipped([]part{{"a.zip", inner}, {"b.zip", inner}})
			}
			return with(tb, part{"xl/media/a.zip", inner})
		}},
		{"a size of 2^62 bytes", sheet.CodeUnpacked, "", func(tb testing.TB) []byte {
			var b bytes.Buffer
			w := zip.NewWriter(&b)
			f, err := w.CreateRaw(&zip.FileHeader{Name: sheet1, Method: zip.Deflate, CompressedSize64: 2, UncompressedSize64: 1 << 62})
			if err == nil {
				_, err = f.Write([]byte{3, 0})
			}
			if err != nil || w.Close() != nil {
				tb.Fatal(err)
			}
			return b.Bytes()
		}},
		{"a name with ..", sheet.CodeUnsafeName, "", named("xl/../../../../root/.profile")},
		{`a name with ..\`, sheet.CodeUnsafeName, "", named(`xl\..\..\evil.dll`)},
		{"a name from the root", sheet.CodeUnsafeName, "", named("/etc/cron.d/x")},
		{"a name with a drive", sheet.CodeUnsafeName, "", named(`C:\Windows\x.dll`)},
		{"a name with a NUL", sheet.CodeUnsafeName, "", named("xl/worksheets/sheet1.xml\x00.png")},
		{"a name with an empty folder", sheet.CodeUnsafeName, "", named("xl//x")},
		{"a name with .", sheet.CodeUnsafeName, "", named("./xl/x")},
		{"a stream of another file (NTFS)", sheet.CodeUnsafeName, "", named("xl/x.xml:hidden")},
		{"a name of 60,000 bytes", "", "", named("xl/" + strings.Repeat("a", 60_000))},
		{"a sheet twice", sheet.CodeDuplicate, "", func(tb testing.TB) []byte {
			parts := goodParts(tb)
			return zipped(append(parts, part{sheet1, []byte(sheetOf(""))}))
		}},
		{"a sheet twice but for case", sheet.CodeDuplicate, "", func(tb testing.TB) []byte {
			parts := goodParts(tb)
			return zipped(append(parts, part{"XL/Worksheets/SHEET1.xml", []byte(sheetOf(""))}))
		}},
		{"a program before the zip", sheet.CodeNotSheet, "", func(tb testing.TB) []byte {
			return append([]byte("MZ\x90\x00\x03\x00\x00\x00"+strings.Repeat("\x00", 500)), zipped(goodParts(tb))...)
		}},
		{"a zip that is cut in two", sheet.CodeCutOff, "", func(tb testing.TB) []byte { b := zipped(goodParts(tb)); return b[:len(b)/2] }},
		{"an old workbook (OLE)", sheet.CodeOldExcel, "", text("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", strings.Repeat("\x00", 2000))},
		{"a workbook with a password (OLE)", sheet.CodeEncrypted, "", text("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", strings.Repeat("\x00", 1016), utf16("EncryptionInfo", binary.LittleEndian), strings.Repeat("\x00", 100), utf16("EncryptedPackage", binary.LittleEndian), strings.Repeat("\x00", 600))},
		{"half the head of OLE", unknown, "", text("\xd0\xcf\x11\xe0")},
		{"an .ods with a password", sheet.CodeEncrypted, "", func(testing.TB) []byte {
			return zipped([]part{{"mimetype", []byte("application/vnd.oasis.opendocument.spreadsheet")}, {"content.xml", []byte("\x8f\x01\x02\x03")},
				{"META-INF/manifest.xml", []byte(decl1 + `<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"><manifest:encryption-data/></manifest:file-entry></manifest:manifest>`)}})
		}},
		{"macros", "", sheet.NoteMacros, func(tb testing.TB) []byte {
			parts := goodParts(tb)
			for i := range parts {
				if parts[i].name == types1 {
					parts[i].body = bytes.Replace(bytes.Replace(parts[i].body, []byte("vnd.openxmlformats-officedocument.spreadsheetml.sheet.main"), []byte("vnd.ms-excel.sheet.macroEnabled.main"), 1),
						[]byte("</Types>"), []byte(`<Override PartName="/xl/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>`), 1)
				}
			}
			return zipped(append(parts, part{"xl/vbaProject.bin", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")}))
		}},
		{"a link to another workbook", "", sheet.NoteLinks, func(tb testing.TB) []byte {
			rels := replaced(tb, "xl/_rels/workbook.xml.rels", "</Relationships>", `<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLink" Target="externalLinks/externalLink1.xml"/></Relationships>`)
			parts, err := unzip(rels)
			if err != nil {
				tb.Fatal(err)
			}
			return zipped(append(parts, part{"xl/externalLinks/externalLink1.xml", []byte(decl1 + `<externalLink ` + main1 + `/>`)},
				part{"xl/externalLinks/_rels/externalLink1.xml.rels", []byte(decl1 + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="x" Target="file:///\\127.0.0.1\share\x.xlsx" TargetMode="External"/></Relationships>`)}))
		}},
		{"content type of a picture", sheet.CodeStructure, "", swap(types1, "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml", "image/png")},
		{"content type of a program", sheet.CodeStructure, "", swap(types1, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", "application/x-msdownload")},
	}
}
