package published

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/oas/tipstat/transform/disclosure/audit"
	"github.com/oas/tipstat/transform/record"
)

// exportColumns are those by which the csv of an export is known: SDMX-CSV of tipstat
// export sdmx, and observation.csv of tipstat export csv.
var exportColumns = []string{"REF_AREA", "INDICATOR", "TIME_PERIOD", "OBS_VALUE", "LOWER_BOUND", "UPPER_BOUND", "OBS_STATUS", "CONF_STATUS", "SOURCE_AGENCY", "COUNTING_UNIT", "VICTIM_STATUS"}

// IsExport tells whether a text is the csv of all figures, as tipstat exports it.
func IsExport(b []byte) bool {
	head, _, _ := bytes.Cut(b, []byte("\n"))
	columns, err := csv.NewReader(bytes.NewReader(head)).Read()
	return err == nil && !slices.ContainsFunc(exportColumns, func(c string) bool { return !slices.Contains(columns, c) })
}

// readExport adds what the csv of an export says. A line that an export of changes deletes
// says nothing.
func readExport(p *audit.Published, name string, b []byte) error {
	lines, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	head := lines[0]
	value := slices.Index(head, "OBS_VALUE")
	for i, line := range lines[1:] {
		said := map[string]string{}
		cell := audit.Cell{Key: audit.NewKey(), Place: record.Place{File: name, Cell: record.CellName(i+2, value+1)}}
		for j, id := range head {
			said[id] = line[j]
			cell.Key.Set(id, line[j])
		}
		if said["ACTION"] == "D" {
			continue
		}
		if said["COMMENT_OBS"] == "rounded" { // by disclosure control: comments of senders are in no export
			return errRounded(name)
		}
		number := func(id string) float64 {
			f, err := strconv.ParseFloat(said[id], 64)
			if err != nil {
				return math.NaN()
			}
			return f
		}
		// What is there and not told (its source says two things) may be anything.
		cell.Fill(number("OBS_VALUE"), number("LOWER_BOUND"), number("UPPER_BOUND"), said["OBS_STATUS"], said["CONF_STATUS"])
		// A sum made of figures within bounds is none that anybody withheld, and may
		// follow from its total: what must not is each of its parts.
		derivation := cmp.Or(said["DERIVATION"], said["derivation"])
		made := derivation != "" && derivation != "reported" && derivation != "counted"
		cell.Hidden = cell.Hidden && !made
		cell.Whole = said["UNIT_MEASURE"] == "NUMBER"
		cell.Obs, _ = strconv.ParseInt(said["obs_id"], 10, 64) // SDMX has none
		p.Cells = append(p.Cells, cell)
	}
	return nil
}
