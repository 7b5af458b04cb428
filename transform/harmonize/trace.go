package harmonize

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/oas/tipstat/transform/record"
)

//go:embed trace/figures.sql
var traceFigures string

//go:embed trace/cases.sql
var traceCases string

// Provenance is the way from one observation back to the cells of a file.
type Provenance struct {
	ObsID      int64             `json:"obs_id"`
	Key        map[string]string `json:"key"` // dimensions that are not totals
	Value      string            `json:"value"`
	Grade      string            `json:"grade"`
	Reasons    []string          `json:"grade_reasons"`
	Derivation string            `json:"derivation"`
	Step       string            `json:"step"`
	Purpose    string            `json:"step_purpose"`
	SummedOver string            `json:"summed_over,omitempty"`
	Submission string            `json:"submission_id"`
	File       string            `json:"file"`
	SHA256     string            `json:"file_sha256"`
	Layout     string            `json:"layout"`
	Version    string            `json:"layout_version"`
	RunID      string            `json:"run_id"`
	// ColumnsDropped is how many columns of the file named persons and were
	// dropped unread; the file itself was not kept then.
	ColumnsDropped int64    `json:"columns_dropped,omitempty"`
	Cells          []Source `json:"cells"`
	CasesHidden    bool     `json:"case_rows,omitempty"` // cells are row ranges; their contents are not shown
}

// Source is one cell (or run of case rows) behind an observation.
type Source struct {
	Place record.Place `json:"place"`
	Raw   string       `json:"raw_text"`
	Area  string       `json:"area_detail,omitempty"`
	Time  string       `json:"TIME_PERIOD,omitempty"`
	Rows  int64        `json:"rows"`
}

// Trace finds the cells that the observation was made from.
func Trace(ctx context.Context, db *sql.DB, obsID int64) (*Provenance, error) {
	p := &Provenance{ObsID: obsID, Key: map[string]string{}}
	var value, lower, upper sql.NullFloat64
	dims := []string{"REF_AREA", "INDICATOR", "SEX", "AGE", "EXPLOITATION", "CITIZENSHIP", "ORIGIN", "TRANSIT", "DESTINATION", "TIME_PERIOD", "PERIOD_AS_REPORTED"}
	got := make([]string, len(dims))
	var reasons string
	dest := []any{}
	for i := range dims {
		dest = append(dest, &got[i])
	}
	var status string
	dest = append(dest, &value, &lower, &upper, &status, &p.Grade, &reasons, &p.Derivation, &p.Step, &p.SummedOver,
		&p.Submission, &p.File, &p.SHA256, &p.Layout, &p.Version, &p.RunID, &p.ColumnsDropped)
	err := db.QueryRowContext(ctx, `SELECT REF_AREA, INDICATOR, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION, TIME_PERIOD, PERIOD_AS_REPORTED,
			OBS_VALUE, LOWER_BOUND, UPPER_BOUND, OBS_STATUS, grade, array_to_string(grade_reasons, ', '), derivation, step, summed_over,
			o.submission_id, s.file_name, s.file_sha256, s.layout, s.layout_version, s.run_id,
			(SELECT count(*) FROM finding f WHERE f.submission_id = s.submission_id AND f.code = 'TIP-P007')
		FROM observation o JOIN submission s USING (submission_id) WHERE obs_id = ?`, obsID).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("no observation %d in the store", obsID)
	}
	if err != nil {
		return nil, err
	}
	for i, d := range dims {
		if got[i] != "_T" && got[i] != "" {
			p.Key[d] = got[i]
		}
	}
	if reasons != "" {
		p.Reasons = strings.Split(reasons, ", ")
	}
	v := record.Missing(record.ObsStatus(status))
	if value.Valid {
		v = record.Exact(value.Float64)
	} else if lower.Valid && upper.Valid {
		v = record.Censored(lower.Float64, upper.Float64)
	} else if lower.Valid {
		v.Lower = lower.Float64
	}
	p.Value = v.String()
	all, err := Steps()
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(all, func(s Step) bool { return s.Name == p.Step }); i >= 0 {
		p.Purpose = all[i].Purpose()
	}
	p.CasesHidden = p.Step == "30_counted"
	return p, p.sources(ctx, db)
}

func (p *Provenance) sources(ctx context.Context, db *sql.DB) (err error) {
	query, of := traceFigures, any([]int64{p.ObsID})
	if p.CasesHidden {
		query, of = traceCases, p.ObsID
	}
	rows, err := db.QueryContext(ctx, query, of)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		s := Source{Place: record.Place{File: p.File}, Rows: 1}
		if p.CasesHidden {
			err = rows.Scan(&s.Place.Sheet, &s.Place.Cell, &s.Rows)
		} else {
			err = rows.Scan(&p.ObsID, &s.Place.Sheet, &s.Place.Cell, &s.Raw, &s.Area, &s.Time)
		}
		if err != nil {
			return err
		}
		p.Cells = append(p.Cells, s)
	}
	return rows.Err()
}
