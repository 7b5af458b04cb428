package rules

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"sync"
)

// Told is how often a rule spoke of one published file. No one has corrected
// these files, so that a finding in them may be true: it is the most that the
// rule's false alarms can be.
type Told struct {
	Rule     string
	File     string
	Figures  int64 // figures, or case rows, that the file gave
	Findings int
}

//go:embed falsealarms.csv
var falseAlarms []byte

var toldHeader = []string{"rule", "file", "figures", "findings", "per_1000"}

// WriteTold writes falsealarms.csv.
func WriteTold(out io.Writer, all []Told) error {
	lines := [][]string{toldHeader}
	for _, t := range all {
		lines = append(lines, []string{t.Rule, t.File, strconv.FormatInt(t.Figures, 10), strconv.Itoa(t.Findings),
			strconv.FormatFloat(PerThousand(t.Findings, t.Figures), 'f', 2, 64)})
	}
	return csv.NewWriter(out).WriteAll(lines)
}

// PerThousand is how many findings come on 1,000 figures.
func PerThousand(findings int, figures int64) float64 {
	return float64(findings) * 1000 / float64(max(figures, 1))
}

var allTold = sync.OnceValues(func() (map[string][]Told, error) {
	r := csv.NewReader(bytes.NewReader(falseAlarms))
	r.FieldsPerRecord = len(toldHeader)
	lines, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("falsealarms.csv: %w", err)
	}
	all := map[string][]Told{}
	for _, l := range lines[min(1, len(lines)):] {
		figures, err := strconv.ParseInt(l[2], 10, 64)
		if err != nil {
			return nil, fmt.Errorf("falsealarms.csv: %w", err)
		}
		findings, err := strconv.Atoi(l[3])
		if err != nil {
			return nil, fmt.Errorf("falsealarms.csv: %w", err)
		}
		all[l[0]] = append(all[l[0]], Told{l[0], l[1], figures, findings})
	}
	return all, nil
})

// OnRealFiles gives how often a rule spoke of each published file that it was tried on.
func OnRealFiles(code string) ([]Told, error) {
	all, err := allTold()
	return all[code], err
}
