package dataset

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"path"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

// parquetSink writes a file for each record and State, in folders named after both. They are
// not named as Hive does it (record=victims): the columns stand in the files, where each is
// whole by itself, and readers such as pyarrow refuse a column that folders name too.
type parquetSink struct {
	to           *folder
	schema       *arrow.Schema
	f            *file
	w            *pqarrow.FileWriter
	record, area string
}

// parquetProperties: zstd, least and greatest value of each column, row group and page, so
// that a reader can skip what it does not ask for.
func parquetProperties() *parquet.WriterProperties {
	return parquet.NewWriterProperties(parquet.WithVersion(parquet.V2_LATEST), parquet.WithCompression(compress.Codecs.Zstd),
		parquet.WithStats(true), parquet.WithPageIndexEnabled(true), parquet.WithCreatedBy("tipstat"))
}

func (p *parquetSink) batch(record, area string, b arrow.RecordBatch) error {
	if record != p.record || area != p.area {
		if err := p.begin(record, area); err != nil {
			return err
		}
	}
	p.f.Rows += b.NumRows()
	return p.w.WriteBuffered(b)
}

func (p *parquetSink) begin(record, area string) (err error) {
	if err := p.close(); err != nil {
		return err
	}
	p.record, p.area = record, area
	name := path.Join(dataFolder, url.PathEscape(cmp.Or(record, "_U")), url.PathEscape(area), tableName+".parquet")
	if p.f, err = p.to.create(name); err != nil {
		return err
	}
	p.f.record, p.f.area = record, area
	// Without the schema of Arrow: with the titles of all columns it would be more than half of
	// each file, and all types are Parquet's own. Titles are in datapackage.json.
	p.w, err = pqarrow.NewFileWriter(p.schema, p.f, parquetProperties(), pqarrow.NewArrowWriterProperties())
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func (p *parquetSink) close() error {
	if p.f == nil {
		return nil
	}
	var err error
	if p.w != nil {
		err = p.w.Close()
	}
	err = errors.Join(err, p.f.close())
	p.f, p.w = nil, nil
	return err
}

// arrowSink writes one file in the IPC format of Arrow (Feather version 2).
type arrowSink struct {
	to     *folder
	schema *arrow.Schema
	f      *file
	w      *ipc.FileWriter
}

func (s *arrowSink) batch(_, _ string, b arrow.RecordBatch) (err error) {
	if s.f == nil {
		if s.f, err = s.to.create(arrowName); err != nil {
			return err
		}
		if s.w, err = ipc.NewFileWriter(s.f, ipc.WithSchema(s.schema), ipc.WithZstd()); err != nil {
			return err
		}
	}
	s.f.Rows += b.NumRows()
	return s.w.Write(b)
}

func (s *arrowSink) close() error {
	if s.f == nil {
		return nil
	}
	var err error
	if s.w != nil {
		err = s.w.Close()
	}
	return errors.Join(err, s.f.close())
}
