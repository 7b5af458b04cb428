package sdmx

import (
	"context"
	"database/sql"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/transform/codelist"
)

// Export is what the store holds, ready to be written.
type Export struct {
	// Prepared is when the newest file of the store was received, or the newest decision on
	// one made: there is no clock.
	Prepared     time.Time `json:"prepared"`
	Observations int64     `json:"observations"`
	Series       int64     `json:"series"`
	Withheld     int64     `json:"withheld"`
	// LeftOut are observations whose key another has, of a file received later.
	LeftOut int64 `json:"left_out"`
	// Agreements are the pairs of State and source agency, each with its reference
	// metadata.
	Agreements int `json:"agreements"`
	// Changes counts the observations of each action (SDMXCommon.xsd, ActionType), where
	// the export is one of what changed: see Since.
	Changes map[string]int64 `json:"changes,omitempty"`

	older      *Export
	retired    map[string][]string // codes that the lists lack: of what is deleted
	content    string              // digest of the data, once it is known: see dataContent
	design     *design
	set        *codelist.Set
	lang       string
	db         *sql.DB
	agreements []agreement
	structures structures
	metadata   []metadataSet
	values     map[string][]string

	frozen      *frozen // the observations, once they are held in memory
	taken       []int   // those that a query takes, in order
	flat        bool    // no series: each observation with its whole key
	byStructure bool    // the data are said to be of the data structure, not of the dataflow
}

var (
	//go:embed observations.sql
	observationsSQL string
	//go:embed summary.sql
	summarySQL string
	//go:embed agreements.sql
	agreementsSQL string
)

// Make chooses what is asked for, with what disclosure control left of it. All must
// be read from one connection, as after store.Hold: what is chosen stands in a table
// of the connection, from which it is then written. Names for those who take only
// one are in the language of the parameters.
func Make(ctx context.Context, db *sql.DB, set *codelist.Set, p table.Params) (*Export, error) {
	d, err := loadDesign()
	if err != nil {
		return nil, err
	}
	if p.Lang == "" {
		p.Lang = "en"
	}
	e := &Export{design: d, set: set, lang: p.Lang, db: db}
	states, err := json.Marshal(append([]string{}, p.States...))
	if err != nil {
		return nil, err
	}
	_, err = db.ExecContext(ctx, observationsSQL, sql.Named("states", string(states)), sql.Named("from_year", p.FromYear),
		sql.Named("to_year", p.ToYear), sql.Named("released", p.Control != nil))
	if err != nil {
		return nil, fmt.Errorf("observations.sql: %w", err)
	}
	err = db.QueryRowContext(ctx, summarySQL).Scan(&e.Prepared, &e.Observations, &e.Series, &e.Withheld, &e.LeftOut, &p.FromYear, &p.ToYear)
	if err != nil {
		return nil, fmt.Errorf("summary.sql: %w", err)
	}
	e.Prepared = e.Prepared.UTC().Truncate(time.Second)
	if err := e.readValues(ctx); err != nil {
		return nil, err
	}
	err = e.each(ctx, agreementsSQL, func(scan func(...any) error) error {
		var a agreement
		err := scan(&a.Area, &a.Agency)
		e.agreements = append(e.agreements, a)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("agreements.sql: %w", err)
	}
	e.Agreements = len(e.agreements)
	e.build()
	return e, e.report(ctx, p)
}

// each runs a query and hands on the scan of each row.
func (e *Export) each(ctx context.Context, query string, fn func(scan func(...any) error) error, args ...any) (err error) {
	rows, err := e.db.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := fn(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// File is one file of an export.
type File struct {
	Name   string
	Format string // csv, json or xml
	Write  func(*Export, context.Context, io.Writer) error
}

// Files are those of an export in a version of SDMX: Version21, or else Version30.
func Files(v Version) []File {
	plain := func(write func(*Export, io.Writer) error) func(*Export, context.Context, io.Writer) error {
		return func(e *Export, _ context.Context, w io.Writer) error { return write(e, w) }
	}
	if v == Version21 {
		return []File{
			{"data.csv", "csv", (*Export).WriteDataCSV1},
			{"structure.xml", "xml", plain((*Export).WriteStructureXML21)},
			{"data.xml", "xml", (*Export).WriteDataXML21},
			{"data.xsd", "xml", plain((*Export).WriteDataXSD21)},
			{"generic.xml", "xml", (*Export).WriteGenericXML21},
			{"metadata.xml", "xml", plain((*Export).WriteMetadataXML21)},
		}
	}
	return []File{
		{"data.csv", "csv", (*Export).WriteDataCSV},
		{"structure.json", "json", plain((*Export).WriteStructureJSON)},
		{"data.json", "json", (*Export).WriteDataJSON},
		{"metadata.json", "json", plain((*Export).WriteMetadataJSON)},
		{"structure.xml", "xml", plain((*Export).WriteStructureXML)},
		{"data.xml", "xml", (*Export).WriteDataXML},
		{"data.xsd", "xml", plain((*Export).WriteDataXSD)},
		{"metadata.xml", "xml", plain((*Export).WriteMetadataXML)},
	}
}
