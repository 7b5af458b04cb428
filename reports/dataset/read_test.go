package dataset_test

import (
	"context"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/compress"
	pqfile "github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	_ "github.com/duckdb/duckdb-go/v2" // reads Parquet
	"github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/reports/dataset"
	"github.com/oas/tipstat/reports/table"
)

// read reads the figures with arrow-go or encoding/csv, as text, header first.
func read(t testing.TB, dir string, format dataset.Format) (rows [][]string) {
	t.Helper()
	var err error
	switch format {
	case dataset.CSV:
		var f *os.File
		if f, err = os.Open(filepath.Join(dir, "observation.csv")); err == nil {
			rows, err = csv.NewReader(f).ReadAll()
			err = errors.Join(err, f.Close())
		}
	case dataset.Arrow:
		rows, err = readArrow(filepath.Join(dir, "observation.arrow"))
	case dataset.Parquet:
		rows, err = readParquet(dir)
	}
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func header(s *arrow.Schema) (line []string) {
	for _, f := range s.Fields() {
		line = append(line, f.Name)
	}
	return line
}

func lines(b arrow.RecordBatch) (rows [][]string) {
	for i := range int(b.NumRows()) {
		var line []string
		for _, c := range b.Columns() {
			s := c.ValueStr(i)
			if c.IsNull(i) {
				s = ""
			}
			if f, ok := c.(*array.Float64); ok && !c.IsNull(i) {
				s = strconv.FormatFloat(f.Value(i), 'f', -1, 64)
			}
			line = append(line, s)
		}
		rows = append(rows, line)
	}
	return rows
}

func readArrow(name string) (rows [][]string, err error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	r, err := ipc.NewFileReader(f)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	rows = append(rows, header(r.Schema()))
	for i := range r.NumRecords() {
		b, err := r.RecordBatch(i)
		if err != nil {
			return nil, err
		}
		rows = append(rows, lines(b)...)
	}
	return rows, nil
}

// parts gives the Parquet files in the order of the package.
func parts(dir string) (names []string, err error) {
	b, err := os.ReadFile(filepath.Join(dir, "datapackage.json"))
	if err != nil {
		return nil, err
	}
	var p struct{ Resources []struct{ Path any } }
	if err := json.Unmarshal(b, &p); err != nil {
		return nil, err
	}
	for _, name := range p.Resources[0].Path.([]any) {
		names = append(names, filepath.Join(dir, filepath.FromSlash(name.(string))))
	}
	return names, nil
}

func readParquet(dir string) (rows [][]string, err error) {
	names, err := parts(dir)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		f, err := pqfile.OpenParquetFile(name, false)
		if err != nil {
			return nil, err
		}
		r, err := pqarrow.NewFileReader(f, pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
		if err != nil {
			return nil, err
		}
		t, err := r.ReadTable(context.Background())
		if err != nil {
			return nil, err
		}
		if rows == nil {
			rows = append(rows, header(t.Schema()))
		}
		tr := array.NewTableReader(t, -1)
		for tr.Next() {
			rows = append(rows, lines(tr.RecordBatch())...)
		}
		tr.Release()
		t.Release()
		if err := f.Close(); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// TestAgree: arrow-go and DuckDB read the same from all three formats.
func TestAgree(t *testing.T) {
	db, set := fixture(t)
	o := dataset.Options{Params: table.Params{Control: control}}
	got := map[dataset.Format][][]string{}
	for _, o.Format = range dataset.Formats {
		dir, _ := written(t, db, set, o)
		got[o.Format] = read(t, dir, o.Format)
		if o.Format == dataset.CSV {
			for i, line := range got[o.Format] { // an apostrophe keeps a spreadsheet from running it
				for j := range line {
					got[o.Format][i][j] = strings.TrimPrefix(line[j], "'=")
				}
			}
		}
		if o.Format == dataset.Parquet {
			duckdb(t, dir, got[o.Format])
		}
	}
	for _, format := range []dataset.Format{dataset.Parquet, dataset.Arrow} {
		for i, line := range got[format] {
			for j := range line {
				got[format][i][j] = strings.TrimPrefix(line[j], "=")
			}
		}
		if d := cmp.Diff(got[dataset.CSV], got[format]); d != "" {
			t.Errorf("%s (-csv +%s):\n%s", format, format, d)
		}
	}
}

// duckdb reads the parts as one.
func duckdb(t *testing.T, dir string, want [][]string) {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	glob := filepath.ToSlash(dir) + "/data/*/*/*.parquet"
	rows, err := db.QueryContext(t.Context(), "SELECT * FROM read_parquet(?)", glob)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	raw, ptr := make([]any, len(names)), make([]any, len(names))
	for i := range raw {
		ptr[i] = &raw[i]
	}
	for rows.Next() {
		if err := rows.Scan(ptr...); err != nil {
			t.Fatal(err)
		}
		var line []string
		for _, name := range want[0] { // DuckDB puts the folders' columns where it likes
			v := raw[slices.Index(names, name)]
			switch v := v.(type) {
			case nil:
				line = append(line, "")
			case float64:
				line = append(line, strconv.FormatFloat(v, 'f', -1, 64))
			default:
				line = append(line, fmt.Sprint(v))
			}
		}
		got = append(got, strings.Join(line, "|"))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, line := range want[1:] {
		all = append(all, strings.Join(line, "|"))
	}
	slices.Sort(all)
	slices.Sort(got)
	if d := cmp.Diff(all, got); d != "" {
		t.Errorf("DuckDB (-arrow-go +DuckDB):\n%s", d)
	}
	var bounded, columns int // row groups whose least and greatest value DuckDB finds
	err = db.QueryRowContext(t.Context(), "SELECT count(stats_min_value), count(*) FROM parquet_metadata(?) WHERE path_in_schema IN ('INDICATOR', 'REF_YEAR', 'obs_id')", glob).Scan(&bounded, &columns)
	if err != nil || bounded != columns || columns == 0 {
		t.Errorf("DuckDB finds the bounds of %d columns of %d: %v", bounded, columns, err)
	}
}

// TestParquet: each column is compressed by zstd, with its bounds, those of pages too.
func TestParquet(t *testing.T) {
	db, set := fixture(t)
	dir, _ := written(t, db, set, dataset.Options{Format: dataset.Parquet, Params: table.Params{Control: control}})
	names, err := parts(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		f, err := pqfile.OpenParquetFile(name, false)
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"title", "description", "rights", "publisher"} {
			if v := f.MetaData().KeyValueMetadata().FindValue(key); v == nil || *v == "" {
				t.Errorf("%s: no %s", name, key)
			}
		}
		group := f.MetaData().RowGroup(0)
		for i := range group.NumColumns() {
			c, err := group.ColumnChunk(i)
			if err != nil {
				t.Fatal(err)
			}
			stats, err := c.Statistics()
			if err != nil || stats == nil || !stats.HasMinMax() && stats.NullCount() != group.NumRows() {
				t.Errorf("%s, column %d: statistics %v, %v", name, i, stats, err)
			}
			if c.Compression() != compress.Codecs.Zstd || c.GetColumnIndexLocation() == nil || c.GetOffsetIndexLocation() == nil {
				t.Errorf("%s, column %d: %v, page index %v", name, i, c.Compression(), c.GetColumnIndexLocation())
			}
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// elsewhere is what other people's libraries found (testdata/read.mjs).
type elsewhere struct {
	Package struct {
		Valid   bool
		Profile string
		Errors  []string
		Read    map[string]int
	}
	DCAT []struct{ S, P, O, Lang, Type string }
	Rows []map[string]any
}

func readElsewhere(t *testing.T, dir string, format dataset.Format) (e elsewhere) {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("node is not there (Debian: nodejs)")
	}
	if _, err := os.Stat("testdata/node_modules/datapackage"); err != nil {
		t.Skip("npm ci --prefix reports/dataset/testdata was not run")
	}
	cmd := exec.Command("node", "testdata/read.mjs", dir, string(format))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(out, &e); err != nil {
		t.Fatal(err)
	}
	return e
}

// TestElsewhere: the library of the Data Package's makers takes the package for valid,
// and reads each row and each key; hyparquet and Arrow's JavaScript read the figures;
// jsonld reads the catalogue.
func TestElsewhere(t *testing.T) {
	db, set := fixture(t)
	for _, format := range dataset.Formats {
		t.Run(string(format), func(t *testing.T) {
			dir, s := written(t, db, set, dataset.Options{Format: format, Params: table.Params{Lang: "pt", Control: control}})
			e := readElsewhere(t, dir, format)
			if !e.Package.Valid || len(e.Package.Errors) > 0 || (format == dataset.CSV) != (e.Package.Profile == "tabular-data-package") {
				t.Errorf("data package: %+v", e.Package)
			}
			lists := 15
			if format == dataset.CSV {
				lists++ // and the figures
			}
			if len(e.Package.Read) != lists {
				t.Errorf("tables read: %v", e.Package.Read)
			}
			want := read(t, dir, format)
			if len(e.Rows) != s.Rows || s.Rows != len(want)-1 {
				t.Fatalf("%d rows read; want %d", len(e.Rows), s.Rows)
			}
			for i, row := range e.Rows {
				for j, name := range want[0] {
					got := ""
					switch v := row[name].(type) {
					case nil:
					case float64:
						got = strconv.FormatFloat(v, 'f', -1, 64)
					default:
						got = fmt.Sprint(v)
					}
					if got != want[i+1][j] {
						t.Errorf("row %d: %s is %q; want %q", i, name, got, want[i+1][j])
					}
				}
			}
			e.catalogue(t, len(s.Files), s.States)
		})
	}
}

func csvRows(t *testing.T, f *os.File) [][]string {
	t.Helper()
	rows, err := csv.NewReader(f).ReadAll()
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	return rows
}
