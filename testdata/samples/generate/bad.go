package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
)

// fault is a file of bad/ and what must be said of it. Layout is the one to
// insist on, where the content cannot tell it; accepted files have findings
// that do not refuse.
type fault struct {
	file, layout, outcome, code, sheet, cell, found string
}

// edited gives csv rows after a change to one of them.
func edited(rows [][]string, row int, to ...string) [][]string {
	out := append([][]string(nil), rows...)
	out[row-1] = to
	return out
}

// without gives csv rows without one column.
func without(rows [][]string, col int) [][]string {
	var out [][]string
	for _, r := range rows {
		out = append(out, append(append([]string(nil), r[:col]...), r[col+1:]...))
	}
	return out
}

// bad writes a small file for each fault, made from a sample by one change,
// and bad/expected.csv.
func bad(*expected) error {
	hti, bra := haitiRows(), brazilRows()[:9]
	cases := caseRows()[:12]
	for i := 2; i < len(cases); i++ { // persons nobody can take for those of the sample
		cases[i] = []string{fmt.Sprintf("%02d/02/2023", i+15), "Mujer", "30", "Costarricense", "Trabajos forzados", "Víctima identificada", "Trata de personas"}
	}
	undeclared := append([][]string{cases[0], append([]string{"Fecha del caso"}, caseHeader[1:]...)}, cases[2:]...)
	undeclared = edited(undeclared, 5, append([]string{"03/04/2023"}, cases[4][1:]...)...)
	caseWith := func(col int, text string) [][]string {
		row := append([]string(nil), cases[4]...)
		row[col] = text
		return edited(cases, 5, row...)
	}
	texts := []struct {
		fault
		comma rune
		rows  [][]string
	}{
		{fault{"unknown-header.csv", "", "refused", "TIP-L001", "", "A1", ""}, ',', [][]string{{"Color", "Talla", "Precio"}, {"azul", "M", "12"}, {"rojo", "L", "13"}}},
		{fault{"missing-column.csv", "", "refused", "TIP-L002", "", "A3:D3", ""}, ',', without(hti, 3)},
		{fault{"heading-twice.csv", "", "refused", "TIP-L006", "", "D3", "Femmes"}, ',', edited(append([][]string(nil), hti[:7]...), 3, "Année", "Trimestre", "Femmes", "Femmes", "Hommes", "Total")},
		{fault{"second-header.csv", "", "refused", "TIP-L005", "", "A8", ""}, ',', append(append(append([][]string(nil), hti[:7]...), hti[2]), hti[7:]...)},
		{fault{"no-rows.csv", "", "refused", "TIP-L009", "", "", ""}, ',', hti[:3]},
		{fault{"unmapped-value.csv", "", "refused", "TIP-V004", "", "C5", "Exploração sexuel"}, ';', edited(bra, 5, "MG", "2021", "Exploração sexuel", "98")},
		{fault{"text-in-number.csv", "", "refused", "TIP-V001", "", "D5", "doze"}, ';', edited(bra, 5, "MG", "2021", "Exploração sexual", "doze")},
		{fault{"negative.csv", "", "refused", "TIP-V007", "", "D5", "-98"}, ';', edited(bra, 5, "MG", "2021", "Exploração sexual", "-98")},
		{fault{"decimals.csv", "", "refused", "TIP-V006", "", "D5", "98,5"}, ';', edited(bra, 5, "MG", "2021", "Exploração sexual", "98,5")},
		{fault{"not-a-period.csv", "", "refused", "TIP-V012", "", "B5", "ano passado"}, ';', edited(bra, 5, "MG", "ano passado", "Exploração sexual", "98")},
		{fault{"ambiguous-number.csv", "", "refused", "TIP-V002", "", "C5", "1.234"}, ',', edited(hti, 5, "", "2e trimestre", "1.234", "12", "30")},
		{fault{"blank-cell.csv", "", "refused", "TIP-V003", "", "D5", ""}, ',', edited(hti, 5, "", "2e trimestre", "18", "", "30")},
		{fault{"censored-undeclared.csv", "", "refused", "TIP-V005", "", "D5", "<5"}, ',', edited(hti, 5, "", "2e trimestre", "18", "<5", "30")},
		{fault{"two-values.csv", "", "accepted", "TIP-V018", "", "C6", ""}, ',', edited(hti, 6, "", "2e trimestre", "19", "12", "30")},
		{fault{"ambiguous-date.csv", "sample-bad-undeclared-date", "refused", "TIP-V011", "", "A5", ""}, ',', undeclared},
		{fault{"not-a-date.csv", "", "refused", "TIP-V010", "", "A5", ""}, ',', caseWith(0, "31/02/2023")},
		{fault{"not-an-age.csv", "", "refused", "TIP-V013", "", "C5", ""}, ',', caseWith(2, "treinta")},
		// Nothing is wrong with this one, however it looks: other letter case
		// and accents, another order of columns, spaces, one more column.
		{fault{"convertible.csv", "", "accepted", "TIP-L004", "", "F1", "Observações"}, ',', [][]string{
			{" VITIMAS ", "forma de exploracao", "uf", "ANO", "", "Observações"},
			{" 1.234 ", "EXPLORACAO  SEXUAL", "SP", " 2021", "", ""},
			{"12", "Adoção ilegal", "SP", "2021", "", "sem efeito"},
			{"–", "Adoção ilegal", "MG", "2021", "", ""}}},
	}
	var faults []fault
	for _, t := range texts {
		b, err := csvBytes(t.comma, t.rows)
		if err != nil {
			return err
		}
		if err := write("bad/"+t.file, b); err != nil {
			return err
		}
		faults = append(faults, t.fault)
	}
	usa := func() book { return unitedStatesBook() }
	date, broken, number := usa(), usa(), usa()
	date.change, date.dates = map[string]any{"D10": 45019}, []string{"D10"}
	broken.formed = map[string]string{"C10": "B1/0"}
	number.change = map[string]any{"C6": "288 (p)"}
	books := []struct {
		fault
		book
	}{
		{fault{"date-for-number.xlsx", "", "refused", "TIP-V008", usa().sheet, "D10", ""}, date},
		{fault{"formula-without-value.xlsx", "", "refused", "TIP-V009", usa().sheet, "C10", ""}, broken},
		{fault{"mark-in-number.xlsx", "", "refused", "TIP-V001", usa().sheet, "C6", "288 (p)"}, number},
	}
	for _, t := range books {
		if err := t.book.write("bad/" + t.fault.file); err != nil {
			return err
		}
		faults = append(faults, t.fault)
	}
	whole, err := hondurasBook().bytes()
	if err != nil {
		return err
	}
	for _, t := range []struct {
		fault
		b []byte
	}{
		{fault{"truncated.xlsx", "", "refused", "TIP-F003", "", "", ""}, whole[:len(whole)*6/10]},
		{fault{"empty.csv", "", "refused", "TIP-F002", "", "", ""}, nil},
		{fault{"not-a-spreadsheet.xlsx", "", "refused", "TIP-F001", "", "", ""}, []byte("%PDF-1.4\n%\xe2\xe3\xcf\xd3\nSAMPLE - not a spreadsheet\n" + strings.Repeat("\x00\xff", 64))},
	} {
		if err := write("bad/"+t.file, t.b); err != nil {
			return err
		}
		faults = append(faults, t.fault)
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	out := [][]string{{"file", "layout", "outcome", "code", "sheet", "cell", "found"}}
	for _, f := range faults {
		out = append(out, []string{f.file, f.layout, f.outcome, f.code, f.sheet, f.cell, f.found})
	}
	if err := w.WriteAll(out); err != nil {
		return err
	}
	return write("bad/expected.csv", b.Bytes())
}
