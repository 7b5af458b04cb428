package main

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow/ipc"
	_ "github.com/duckdb/duckdb-go/v2" // reads Parquet

	"github.com/oas/tipstat/reports/dataset"
)

// output is something that a command made for others.
type output struct {
	form, name string
	b          []byte
}

// parts of a number: groups of thousands are parted by these.
var groupings = []string{",", ".", " ", "'", "’", "\u00a0", "\u202f", "\u2009", "&nbsp;", "&#160;", "&#xa0;", "&#8239;", "&#x202f;", `\u00a0`, `\u202f`, `\u2009`}

// fraction is how many decimals tell a number from its like.
const fraction = 6

// numbers gives the numbers of a text: of five digits or more, thousands grouped as
// in any of the languages or not at all, and those of six decimals or more, cut to six.
// Words of twelve hexadecimal digits or more are hashes.
func numbers(text []byte) map[string]bool {
	found := map[string]bool{}
	digits := func(i int) int { // from i on
		j := i
		for j < len(text) && isDigit(text[j]) {
			j++
		}
		return j
	}
	for i := 0; i < len(text); i++ {
		if !isDigit(text[i]) {
			continue
		}
		end := digits(i)
		run := string(text[i:end])
		switch decimals := i > 1 && text[i-1] == '.' && isDigit(text[i-2]); {
		case hashed(text, i, end) || decimals: // no number of its own
		default:
			if len(run) >= 5 {
				found[run] = true
			}
			if len(run) <= 3 {
				if whole := grouped(text, run, end, digits); len(whole) >= 5 {
					found[whole] = true
				}
			}
			if end+1 < len(text) && (text[end] == '.' || text[end] == ',') {
				if d := digits(end + 1); d-end-1 >= fraction {
					found[run+"."+string(text[end+1:end+1+fraction])] = true
				}
			}
			if m := scientific.Find(text[i:min(len(text), i+32)]); m != nil {
				if f, err := strconv.ParseFloat(string(m), 64); err == nil {
					found[strconv.FormatFloat(f, 'f', -1, 64)] = true
				}
			}
		}
		i = end - 1
	}
	return found
}

var scientific = regexp.MustCompile(`^\d(?:\.\d+)?[eE]\+?\d{1,2}\b`)

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

// grouped joins the groups of three digits that follow.
func grouped(text []byte, whole string, at int, digits func(int) int) string {
	for _, by := range groupings {
		joined, i := whole, at
		for bytes.HasPrefix(text[i:], []byte(by)) && digits(i+len(by)) == i+len(by)+3 {
			joined, i = joined+string(text[i+len(by):i+len(by)+3]), i+len(by)+3
		}
		if joined != whole {
			return joined
		}
	}
	return ""
}

func hashed(text []byte, i, j int) bool {
	hexadecimal := func(b byte) bool { return isDigit(b) || b >= 'a' && b <= 'f' }
	for i > 0 && hexadecimal(text[i-1]) {
		i--
	}
	for j < len(text) && hexadecimal(text[j]) {
		j++
	}
	return j-i >= 12
}

// TestNumbers: a number is found however it is written.
func TestNumbers(t *testing.T) {
	for text, want := range map[string]string{
		"71003": "71003", "71,003": "71003", "71.003": "71003", "71\u202f003": "71003", "71\u00a0003": "71003", "1.071.003": "1071003", `"71\u202f003"`: "71003",
		"71&nbsp;003 c": "71003", "71003.0": "71003", "7.1003e+04": "71003", "12,71003": "71003", "x71003y": "71003", "97.315436241610": "97.315436", "97,3154362": "97.315436",
		"0.71003": "", "00 71003 n": "71003", "e71003a8ff00": "", "7100": "", "71,0031": "",
	} {
		got := numbers([]byte(text))
		if want == "" && len(got) > 0 || want != "" && !got[want] {
			t.Errorf("%q holds %v; want %q", text, got, want)
		}
	}
}

// rePlace is the place of a cell in a cube, which may be as large as a figure.
var rePlace = regexp.MustCompile(`"\d+": `)

// reBytes is the size of a file, which may be as large as a figure.
var reBytes = regexp.MustCompile(`"bytes": \d+|"xsd:nonNegativeInteger",\s*"@value": "\d+"`)

// texts gives all that can be read in an output.
func (o output) texts(t *testing.T) [][]byte {
	t.Helper()
	var out [][]byte
	var err error
	switch {
	case bytes.HasPrefix(o.b, []byte("PK")):
		out, err = zipped(o.b)
	case bytes.HasPrefix(o.b, []byte("%PDF")):
		out, err = printed(filepath.Join(t.TempDir(), "a.pdf"), o.b)
	case o.form == "parquet":
		out, err = tabled(filepath.Join(t.TempDir(), "a.parquet"), o.b)
	case o.form == "arrow":
		out, err = batched(o.b)
	case strings.HasSuffix(o.name, dataset.PackageName), o.form == "jsonld":
		out = [][]byte{reBytes.ReplaceAll(o.b, nil)}
	case o.form == "json-stat":
		out = [][]byte{rePlace.ReplaceAll(o.b, nil)}
	default:
		out = [][]byte{o.b}
	}
	if err != nil {
		t.Fatalf("%s: %v", o.name, err)
	}
	return append(out, []byte(o.name))
}

// tabled gives what DuckDB reads of a Parquet file: rows, bounds of columns, metadata.
func tabled(name string, b []byte) (out [][]byte, err error) {
	if err := os.WriteFile(name, b, 0o644); err != nil {
		return nil, err
	}
	db, err := sql.Open("duckdb", "")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	for _, select_ := range []string{"SELECT r::VARCHAR FROM read_parquet(?) r", "SELECT concat_ws(' ', stats_min, stats_max, stats_min_value, stats_max_value) FROM parquet_metadata(?)",
		"SELECT decode(key) || ' ' || decode(value) FROM parquet_kv_metadata(?)"} {
		rows, err := db.Query(select_, name)
		if err != nil {
			return nil, err
		}
		for rows.Next() {
			var line []byte
			if err := rows.Scan(&line); err != nil {
				return nil, errors.Join(err, rows.Close())
			}
			out = append(out, line)
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// batched gives the metadata and the rows of an Arrow file.
func batched(b []byte) (out [][]byte, err error) {
	r, err := ipc.NewFileReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	out = append(out, []byte(r.Schema().String()+r.Schema().Metadata().String()))
	for i := range r.NumRecords() {
		batch, err := r.RecordBatch(i)
		if err != nil {
			return nil, err
		}
		for _, c := range batch.Columns() {
			for row := range c.Len() {
				out = append(out, []byte(c.ValueStr(row)))
			}
		}
	}
	return out, nil
}

// zipped gives all parts of a workbook, of those within it too, and the names of the parts.
func zipped(b []byte) (out [][]byte, err error) {
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, err
	}
	out = append(out, []byte(z.Comment))
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			return nil, err
		}
		part, err := io.ReadAll(r)
		if err = errors.Join(err, r.Close()); err != nil {
			return nil, err
		}
		if bytes.HasPrefix(part, []byte("PK")) {
			within, err := zipped(part)
			if err != nil {
				return nil, err
			}
			out = append(out, within...)
		}
		out = append(out, part, []byte(f.Name+" "+f.Comment))
	}
	return out, nil
}

var (
	reStream = regexp.MustCompile(`(?s)stream\r?\n(.*?)endstream`)
	reLength = regexp.MustCompile(`/Length\d? \d+|\d{10} \d{5} [nf]|startxref\s+\d+`)
)

// printed gives the words of a pdf as a reader has them, its streams and what stands
// beside these.
func printed(name string, b []byte) (out [][]byte, err error) {
	if err := os.WriteFile(name, b, 0o644); err != nil {
		return nil, err
	}
	words, err := exec.Command("pdftotext", "-raw", name, "-").Output()
	if err != nil {
		return nil, fmt.Errorf("pdftotext: %w", err)
	}
	out = append(out, words)
	for _, m := range reStream.FindAllSubmatch(b, -1) {
		stream := m[1]
		if z, err := zlib.NewReader(bytes.NewReader(stream)); err == nil {
			stream, _ = io.ReadAll(z) // what can be read
		}
		if !bytes.Contains(stream[:min(len(stream), 512)], []byte{0}) { // no font
			out = append(out, stream)
		}
	}
	return append(out, reLength.ReplaceAll(reStream.ReplaceAll(b, nil), nil)), nil
}

// tells gives those of the sentinels that an output tells, and what it is.
func (o output) tells(t *testing.T, of sentinels) []string {
	t.Helper()
	var out []string
	for _, text := range o.texts(t) {
		for n := range numbers(text) {
			if what, ok := of[n]; ok {
				out = append(out, fmt.Sprintf("%s tells %s, %s", o.name, n, what))
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// told fails where outputs tell a sentinel; a few show what it is about.
func told(t *testing.T, outputs []output, of sentinels) {
	t.Helper()
	var all []string
	for _, o := range outputs {
		all = append(all, o.tells(t, of)...)
	}
	if len(all) > 0 {
		t.Errorf("%d times a figure is told that is withheld:\n  %s", len(all), strings.Join(all[:min(len(all), 20)], "\n  "))
	}
}
