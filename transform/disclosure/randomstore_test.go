package disclosure

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/disclosure/audit"
)

// randomTables makes the tables of seeds from first on, each a group of its own.
func randomTables(t testing.TB, codes *codelist.Set, first, n int, shapes []shape) []*randomTable {
	t.Helper()
	var states []string
	for _, g := range codes.Groups() {
		if g.Group == "OAS" && !slices.Contains(states, g.RefArea) {
			states = append(states, g.RefArea)
		}
	}
	var tables []*randomTable
	for i := range n {
		tb := newRandomTable(uint64(first+i), shapes)
		tb.state, tb.year = states[i%len(states)], 1990+i/len(states)
		tb.indicator = []string{"VICTIMS_DETECTED", "PERSONS_CONVICTED"}[i%2]
		for k := range tb.cells {
			c := &tb.cells[k]
			c.key = tb.dated(c.key)
			c.id = int64(i+1)*1000 + int64(k)
		}
		tables = append(tables, tb)
	}
	return tables
}

// dated puts the year of a table into a key.
func (t *randomTable) dated(key [dims]string) [dims]string {
	key[dimPeriod] = strings.ReplaceAll(key[dimPeriod], "%", strconv.Itoa(t.year))
	return key
}

// stored is an observation as it is put into the store.
type stored struct {
	ID        int64    `json:"obs_id"`
	Agency    string   `json:"SOURCE_AGENCY"`
	Freq      string   `json:"FREQ"`
	State     string   `json:"REF_AREA"`
	Indicator string   `json:"INDICATOR"`
	Key       []string `json:"key"`
	Year      int      `json:"REF_YEAR"`
	Value     *float64 `json:"OBS_VALUE"`
	Lower     *float64 `json:"LOWER_BOUND"`
	Upper     *float64 `json:"UPPER_BOUND"`
	Status    string   `json:"OBS_STATUS"`
}

func (t *randomTable) rows() (list []stored) {
	for _, c := range t.cells {
		o := stored{ID: c.id, Agency: c.agency, Freq: "A", State: t.state, Indicator: cmp.Or(c.indicator, t.indicator), Key: slices.Clone(c.key[:]), Year: t.year, Value: &c.value, Lower: &c.value, Upper: &c.value, Status: "A"}
		if _, part, ok := strings.Cut(c.key[dimPeriod], "-"); ok {
			o.Freq = map[bool]string{true: "Q", false: "M"}[part[0] == 'Q']
		}
		if c.told {
			o.Value, o.Lower, o.Upper, o.Status = nil, &c.lower, &c.upper, "Q"
		}
		list = append(list, o)
	}
	return list
}

// put holds tables in a store, as if reported. The submission of each source is the
// first, or a later one.
const putSQL = `
INSERT INTO observation BY NAME
SELECT obs_id, SOURCE_AGENCY AS submission_id, 'all' AS breakdown, FREQ, REF_AREA, INDICATOR,
    key[1] AS SEX, key[2] AS AGE, key[3] AS EXPLOITATION, key[4] AS CITIZENSHIP, key[5] AS ORIGIN, key[6] AS TRANSIT, key[7] AS DESTINATION,
    key[8] AS TIME_PERIOD, REF_YEAR, OBS_VALUE, LOWER_BOUND, UPPER_BOUND, 'NUMBER' AS UNIT_MEASURE, 0 AS UNIT_MULT, 0 AS DECIMALS,
    OBS_STATUS, 'F' AS CONF_STATUS, 'PERSON' AS COUNTING_UNIT, 'DETECTED' AS VICTIM_STATUS, '_U' AS IDENTIFIED_BY, '_U' AS COVERAGE,
    '' AS LEGAL_ARTICLE, '' AS PERIOD_AS_REPORTED, SOURCE_AGENCY, '' AS COMMENT_OBS, 'reported' AS derivation, 'test' AS step, true AS preferred,
    1 AS n_cells, 0 AS n_missing, '' AS sheet, 'A1' AS cell, 'as printed' AS raw_text, 'A' AS grade, [] AS grade_reasons
FROM (SELECT unnest(from_json($rows, '[{"obs_id":"BIGINT","SOURCE_AGENCY":"VARCHAR","FREQ":"VARCHAR","REF_AREA":"VARCHAR","INDICATOR":"VARCHAR",
    "key":["VARCHAR"],"REF_YEAR":"INTEGER","OBS_VALUE":"DOUBLE","LOWER_BOUND":"DOUBLE","UPPER_BOUND":"DOUBLE","OBS_STATUS":"VARCHAR"}]'), max_depth := 2))`

const sourcesSQL = `
INSERT INTO submission BY NAME
SELECT source_agency AS submission_id, row_number() OVER () AS seq, source_agency AS file_sha256, 'random.csv' AS file_name, 1 AS file_bytes, 'csv' AS file_format,
    'random' AS layout, '1' AS layout_version, '00' AS layout_sha256, 'victims' AS record, source_agency, NULL::DATE AS reference_date,
    TIMESTAMP '2025-01-01' AS received_at, 'run1' AS run_id
FROM (VALUES ('UNODC'), ('PER_PNP')) t(source_agency)`

// storeOf holds tables in a store of their own.
func storeOf(t testing.TB, codes *codelist.Set, tables []*randomTable) *sql.DB {
	t.Helper()
	ctx := context.Background()
	s := emptyStore(t)
	tx, err := s.Begin(ctx)
	if err == nil {
		err = tx.Vocabulary(ctx, codes)
	}
	if err == nil {
		err = tx.Commit(ctx)
	}
	if err != nil {
		t.Fatal(err)
	}
	var rows []stored
	for _, tb := range tables {
		rows = append(rows, tb.rows()...)
	}
	b, err := json.Marshal(rows)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.DB().ExecContext(ctx, sourcesSQL); err != nil {
		t.Fatal(err)
	}
	if _, err := s.DB().ExecContext(ctx, putSQL, sql.Named("rows", string(b))); err != nil {
		t.Fatal(err)
	}
	if err := s.Hold(ctx); err != nil {
		t.Fatal(err)
	}
	return s.DB()
}

// readable gives what can be read of a store, as an outsider gets it.
func readable(t testing.TB, db *sql.DB, name string) audit.Published {
	t.Helper()
	rows, err := db.QueryContext(context.Background(), `SELECT obs_id, REF_AREA, INDICATOR, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION,
		TIME_PERIOD, SOURCE_AGENCY, COUNTING_UNIT, VICTIM_STATUS, layout, OBS_VALUE, LOWER_BOUND, UPPER_BOUND, OBS_STATUS, CONF_STATUS FROM observation_current JOIN (SELECT submission_id, layout FROM submission) USING (submission_id) ORDER BY obs_id`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	p := audit.Published{Name: name}
	for rows.Next() {
		c := audit.Cell{Key: audit.NewKey(), Whole: true}
		var codes [14]string
		var figures [3]sql.NullFloat64
		var status, confidential string
		to := []any{&c.Obs}
		for i := range codes {
			to = append(to, &codes[i])
		}
		to = append(to, &figures[0], &figures[1], &figures[2], &status, &confidential)
		if err := rows.Scan(to...); err != nil {
			t.Fatal(err)
		}
		for i, code := range codes {
			c.Key.Set(names[1+i], code)
		}
		var v [3]float64
		for i, f := range figures {
			if v[i] = math.NaN(); f.Valid {
				v[i] = f.Float64
			}
		}
		if c.Fill(v[0], v[1], v[2], status, confidential) {
			c.Place.File = name
			p.Cells = append(p.Cells, c)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return p
}
