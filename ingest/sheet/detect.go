package sheet

import (
	"bytes"
	"context"
	"errors"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"
)

// container is what the bytes of a file say it is.
type container int

const (
	kindText container = iota + 1 // csv, as far as the first bytes tell
	kindZip
	kindXLSX
	kindODS
	kindSDMX
)

const wanted = ".xlsx, .ods, .csv"

// magics are the beginnings of files that are met under the name of a spreadsheet.
var magics = []struct{ prefix, name string }{
	{"%PDF", "PDF"}, {"\x1f\x8b", "gzip"}, {"7z\xbc\xaf\x27\x1c", "7-Zip"}, {"Rar!\x1a\x07", "RAR"},
	{"\x89PNG", "PNG"}, {"\xff\xd8\xff", "JPEG"}, {"GIF8", "GIF"}, {"{\\rtf", "RTF"}, {"PAR1", "Parquet"},
	{"SQLite format 3", "SQLite"}, {"\xff\xfe\x00\x00", "UTF-32"}, {"\x00\x00\xfe\xff", "UTF-32"},
	{"MIME-Version:", "MHTML"}, {"ID;PWXL", "SYLK"}, {"ID;PCALC", "SYLK"}, {"%!PS", "PostScript"},
	{"BZh", "bzip2"}, {"\xfd7zXZ", "xz"}, {"\x28\xb5\x2f\xfd", "Zstandard"}, {"ARROW1", "Arrow"}, {"\x7fELF", "ELF"},
	{"\x09\x08\x10\x00", ".xls"}, {"\x09\x08\x08\x00", ".xls"}, {"\x09\x04\x06\x00", ".xls"}, {"\x09\x02\x06\x00", ".xls"}, {"\x09\x00\x04\x00", ".xls"},
}

// jsonText is how JSON begins and a table does not: "[State]" may be a heading.
var jsonText = regexp.MustCompile(`^(?:\x{feff})?\s*(?:\{\s*["}]|\[\s*[\[{"\]])`)

// recognise looks at the first bytes. Only kindText, kindZip and kindSDMX come out of it;
// everything else is refused under its name.
func recognise(r io.ReaderAt, size int64) (container, error) {
	if size <= 0 {
		return 0, &Error{Code: CodeEmpty, Expected: wanted}
	}
	head := make([]byte, min(size, 1024))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return 0, err
	}
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return kindZip, nil
	case bytes.HasPrefix(head, []byte("PK\x05\x06")), bytes.HasPrefix(head, []byte("PK\x07\x08")), bytes.HasPrefix(head, []byte("PK00PK")):
		return 0, &Error{Code: CodeOtherZip, Found: "zip", Expected: wanted}
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return 0, recogniseOLE(r, size)
	}
	for _, m := range magics {
		if bytes.HasPrefix(head, []byte(m.prefix)) {
			code := CodeNotSheet
			if m.name == ".xls" {
				code = CodeOldExcel
			}
			return 0, &Error{Code: code, Found: m.name, Expected: wanted}
		}
	}
	// The head of a program of Windows ends in zeros; "MZ" alone may be a heading.
	if bytes.HasPrefix(head, []byte("MZ")) && bytes.IndexByte(head[:min(len(head), 64)], 0) >= 0 {
		return 0, &Error{Code: CodeNotSheet, Found: "EXE", Expected: wanted}
	}
	if jsonText.Match(head) {
		return 0, &Error{Code: CodeNotSheet, Found: "JSON", Expected: wanted}
	}
	switch name := markup(head); name {
	case "":
	case sdmxData:
		return kindSDMX, nil
	case sdmxOther:
		return 0, errOtherSDMX(name)
	default:
		return 0, &Error{Code: CodeNotSheet, Found: name, Expected: wanted}
	}
	return kindText, nil
}

// Messages of SDMX-ML: the one that is read, and any other.
const sdmxData, sdmxOther = "SDMX-ML 3.0", "SDMX-ML"

// markup names HTML and XML, which old systems send as .xls or .csv. A csv file
// may begin with "<5", so only a letter, "!", "?" or "/" after "<" counts.
func markup(head []byte) string {
	// Text in UTF-16 is looked at without its zero bytes.
	if bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff")) {
		head = bytes.ReplaceAll(head[2:], []byte{0}, nil)
	}
	s := strings.ToLower(strings.TrimLeft(strings.TrimPrefix(string(head), "\ufeff"), " \t\r\n"))
	if len(s) < 2 || s[0] != '<' || !(s[1] >= 'a' && s[1] <= 'z' || strings.IndexByte("!?/", s[1]) >= 0) {
		return ""
	}
	if strings.Contains(s, "urn:schemas-microsoft-com:office:spreadsheet") {
		return "Excel 2003 XML"
	}
	if strings.Contains(s, "<html") || strings.Contains(s, "<table") || strings.HasPrefix(s, "<!doctype html") {
		return "HTML"
	}
	if strings.Contains(s, "sdmx.org/resources/sdmxml/schemas/") {
		if strings.Contains(s, "structurespecificdata") && strings.Contains(s, "/v3_0/message") {
			return sdmxData
		}
		return sdmxOther
	}
	return "XML"
}

// recogniseOLE tells a workbook behind a password, which is an OLE file with a
// stream EncryptedPackage, from the workbooks of Excel 97-2003.
func recogniseOLE(r io.ReaderAt, size int64) error {
	var name []byte
	for _, c := range "EncryptedPackage" {
		name = append(name, byte(c), 0)
	}
	const step = 64 << 10
	buf := make([]byte, step+len(name))
	for at := int64(0); at < size; at += step {
		n, err := r.ReadAt(buf[:min(int64(len(buf)), size-at)], at)
		if bytes.Contains(buf[:n], name) {
			return &Error{Code: CodeEncrypted, Expected: wanted}
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if n == 0 {
			break
		}
	}
	return &Error{Code: CodeOldExcel, Found: ".xls", Expected: wanted}
}

const odsType = "application/vnd.oasis.opendocument.spreadsheet"

// kind tells what a zip is, from the parts in it.
func (p *pack) kind(ctx context.Context) (container, error) {
	if p.has("[Content_Types].xml") {
		return kindXLSX, nil
	}
	if p.has("mimetype") {
		mime, err := p.readAll(ctx, "mimetype", 256)
		if err != nil {
			return 0, err
		}
		switch s := strings.TrimSpace(string(mime)); {
		case s == odsType || s == odsType+"-template":
			return kindODS, nil
		case strings.HasPrefix(s, "application/vnd.oasis.opendocument."):
			return 0, &Error{Code: CodeOtherZip, Found: "OpenDocument", Expected: wanted}
		case strings.HasPrefix(s, "application/epub"):
			return 0, &Error{Code: CodeOtherZip, Found: "EPUB", Expected: wanted}
		}
	}
	// The archive may hold the file that was meant to be sent.
	for _, name := range sortedKeys(p.parts) {
		if slices.Contains([]string{".xlsx", ".xlsm", ".ods", ".csv", ".xls"}, path.Ext(name)) {
			return 0, &Error{Code: CodeOtherZip, Found: "zip: " + printable(p.parts[name].Name), Expected: wanted}
		}
	}
	return 0, &Error{Code: CodeOtherZip, Found: "zip", Expected: wanted}
}
