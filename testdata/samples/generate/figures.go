package main

import (
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// hondurasRows is the first edition: three title rows, a header of two lines
// with merged cells, notes under the table.
func hondurasRows() [][]any {
	return [][]any{
		{"SAMPLE - invented figures / MUESTRA - cifras inventadas"},
		{"República de Honduras, comisión interinstitucional (ficticia)"},
		{"Víctimas de trata de personas identificadas, por año, sexo y edad"},
		{"Año", "Mujeres", nil, "Hombres", nil, "Total"},
		{nil, "0-17", "18 y más", "0-17", "18 y más", nil},
		{2019, 31, 42, "n.d.", 9, 88},
		{2020, 18, 27, "-", 6, 51},
		{2021, 29, 38, "<5", 11, 81},
		{2022, 36, 44, 7, 15, 104}, // the parts add up to 102
		{2023, 41, 52, 8, 13, 114},
		nil,
		{"Notas: n.d. = no disponible; - = ninguna; <5 = de una a cuatro."},
		{"Fuente: cifras inventadas para la demostración de tipstat."},
	}
}

var hondurasMerges = []string{"A1:F1", "A2:F2", "A3:F3", "A4:A5", "B4:C4", "D4:E4", "F4:F5"}

func hondurasBook() book {
	return book{sheet: "MUESTRA inventada", rows: hondurasRows(), merges: hondurasMerges,
		notes: []string{"SAMPLE - invented figures", "Esta hoja no tiene cifras."}}
}

func honduras(e *expected) error {
	first, second := "hnd-victimas-2024-03.xlsx", "hnd-victimas-2024-09.xlsx"
	b := hondurasBook()
	if err := b.write(first); err != nil {
		return err
	}
	b.rows[2][0] = "Víctimas de trata de personas identificadas, por año, sexo y edad (edición de septiembre de 2024)"
	b.rows[9] = []any{2023, 41, 57, 8, 13, 119} // five adult women more
	if err := b.write(second); err != nil {
		return err
	}
	base := want{area: "HND", indicator: "VICTIMS_DETECTED", victims: "IDENTIFIED"}
	add := func(file, period, sex, age, derivation, value, lower, upper, status string) {
		w := base
		w.file, w.period, w.sex, w.age, w.derivation, w.value, w.lower, w.upper, w.status = file, period, sex, age, derivation, value, lower, upper, status
		e.add(w)
	}
	add(first, "2019", "M", "Y0T17", "reported", "", "", "", "O")         // n.d.
	add(first, "2019", "_T", "_T", "reported", "88", "", "", "")          // the total as reported
	add(first, "2019", "_T", "_T", "sum-of-parts", "", "82", "", "O")     // a part is missing: at least 31+42+9
	add(first, "2020", "M", "Y0T17", "reported", "0", "", "", "")         // - is a true zero
	add(first, "2020", "_T", "_T", "sum-of-parts", "51", "", "", "")      // 18+27+0+6
	add(first, "2021", "M", "Y0T17", "reported", "", "1", "4", "Q")       // <5, from 1 on
	add(first, "2021", "_T", "_T", "sum-of-parts", "", "79", "82", "Q")   // 29+38+11 and 1 to 4
	add(first, "2021", "_T", "Y0T17", "", "", "30", "33", "Q")            // 29 and 1 to 4
	add(first, "2022", "_T", "_T", "reported", "104", "", "", "")         // the total as reported
	add(first, "2022", "_T", "_T", "sum-of-parts", "102", "", "", "")     // and what its parts give
	add(first, "2022", "F", "_T", "", "80", "", "", "")                   // 36+44
	add(first, "2023", "_T", "_T", "reported", "114", "", "", "")         // before the revision
	add(second, "2023", "_T", "_T", "reported", "119", "", "", "")        // after it
	add(second, "2023", "F", "Y_GE18", "reported", "57", "", "", "")      //
	add(second, "2023", "_T", "Y_GE18", "sum-of-parts", "70", "", "", "") // 57+13
	return nil
}

// brazilFigures are by state, form and year (2021 to 2023); -1 is suppressed.
var (
	brazilStates  = []string{"SP", "MG", "PA", "BA"}
	brazilForms   = []string{"Exploração sexual", "Tráfico para trabalho escravo", "Servidão doméstica", "Adoção ilegal"}
	brazilFigures = [][][]int{
		{{212, 240, 251}, {987, 1046, 1203}, {34, 41, 39}, {5, 3, 4}},
		{{98, 105, 87}, {1312, 1120, 1455}, {22, 19, 25}, {2, 0, 1}},
		{{64, 71, 69}, {410, 388, 402}, {12, 15, 11}, {0, 1, 0}},
		{{80, 77, 92}, {305, 322, 298}, {17, 20, 18}, {3, 2, -1}},
	}
)

// brazilText writes a figure as the file does: 1.046, - for none, X for withheld.
func brazilText(n int) string {
	switch {
	case n < 0:
		return "X"
	case n == 0:
		return "-"
	case n >= 1000:
		s := itoa(n)
		return s[:len(s)-3] + "." + s[len(s)-3:]
	}
	return itoa(n)
}

func brazilRows() [][]string {
	rows := [][]string{
		{"SAMPLE - invented figures / AMOSTRA - números inventados", "", "", ""},
		{"Sinais: - = nenhuma; X = suprimido por sigilo", "", "", ""},
		{"UF", "Ano", "Forma de exploração", "Vítimas"},
	}
	for y := range 3 {
		for f, form := range brazilForms {
			total := 0
			for s, state := range brazilStates {
				n := brazilFigures[s][f][y]
				rows = append(rows, []string{state, itoa(2021 + y), form, brazilText(n)})
				if n < 0 || total < 0 { // a total would tell what is withheld
					total = -1
				} else {
					total += n
				}
			}
			rows = append(rows, []string{"BRASIL", itoa(2021 + y), form, brazilText(total)})
		}
	}
	return rows
}

func brazil(e *expected) error {
	file := "bra-vitimas-uf.csv"
	b, err := csvBytes(';', brazilRows())
	if err != nil {
		return err
	}
	if b, err = charmap.Windows1252.NewEncoder().Bytes(b); err != nil {
		return err
	}
	if err := write(file, b); err != nil {
		return err
	}
	base := want{file: file, area: "BRA", indicator: "VICTIMS_DETECTED", victims: "PRESUMED", period: "2022"}
	add := func(form, derivation string, n int) {
		w := base
		w.exploitation, w.derivation, w.value = form, derivation, itoa(n)
		e.add(w)
	}
	of := func(form, year int) int {
		n := 0
		for s := range brazilStates {
			n += max(0, brazilFigures[s][form][year])
		}
		return n
	}
	add("SEXUAL", "summed", of(0, 1))
	add("SERVITUDE", "summed", of(1, 1))
	add("DOMESTIC_SERVITUDE", "summed", of(2, 1))
	add("LABOUR", "rolled-up", of(1, 1)+of(2, 1))
	add("CHILD_SALE", "summed", of(3, 1))
	add("_T", "sum-of-parts", of(0, 1)+of(1, 1)+of(2, 1)+of(3, 1))
	w := base
	w.period, w.exploitation, w.derivation, w.status, w.lower = "2023", "CHILD_SALE", "summed", "Q", itoa(of(3, 2))
	e.add(w) // Bahia is withheld: at least 5
	w.exploitation, w.derivation, w.lower = "_T", "sum-of-parts", itoa(of(0, 2)+of(1, 2)+of(2, 2)+of(3, 2))
	e.add(w)
	return nil
}

func haitiRows() [][]string {
	return [][]string{
		{"SAMPLE - invented figures / EXEMPLE - chiffres inventés", "", "", "", ""},
		{"République d'Haïti (tableau fictif) : victimes de la traite identifiées, par trimestre", "", "", "", ""},
		{"Année", "Trimestre", "Femmes", "Hommes", "Total"},
		{"2022", "1er trimestre", "21", "9", "30"},
		{"", "2e trimestre", "18", "12", "30"},
		{"", "3e trimestre", "25", "7", "32"},
		{"", "4e trimestre", "30", "11", "41"},
		{"2023", "1er trimestre", "27", "10", "37"},
		{"", "2e trimestre", "24", "x", "x"},
		{"", "3e trimestre", "33", "14", "47"},
		{"Note : x = données non collectées. Le quatrième trimestre de 2023 n'est pas publié.", "", "", "", ""},
		{"Source : chiffres inventés pour la démonstration de tipstat.", "", "", "", ""},
	}
}

func haiti(e *expected) error {
	file := "hti-victimes-trimestre.csv"
	if err := writeCSV(file, ',', haitiRows()); err != nil {
		return err
	}
	base := want{file: file, area: "HTI", indicator: "VICTIMS_DETECTED", victims: "IDENTIFIED"}
	for _, w := range []want{
		{sex: "F", period: "2022-Q1", derivation: "reported", value: "21"},
		{sex: "F", period: "2022", derivation: "summed", value: itoa(sum(21, 18, 25, 30))},
		{sex: "M", period: "2022", derivation: "summed", value: itoa(sum(9, 12, 7, 11))},
		{period: "2022", derivation: "summed", value: itoa(sum(30, 30, 32, 41))},
		{sex: "M", period: "2023-Q2", derivation: "reported", status: "L"},
		{sex: "F", period: "2023-01-01/P9M", derivation: "summed", value: itoa(sum(27, 24, 33))}, // nine months are no year
		{sex: "M", period: "2023-01-01/P9M", derivation: "summed", lower: itoa(10 + 14), status: "O"},
	} {
		w.file, w.area, w.indicator, w.victims = base.file, base.area, base.indicator, base.victims
		e.add(w)
	}
	return nil
}

func unitedStatesBook() book {
	rows := [][]any{
		{"SAMPLE - invented figures"},
		{"United States (fictitious table): trafficking in persons, criminal justice, fiscal years (October to September)"},
		nil,
		{"Fiscal year", "Sex", "Persons investigated", "Persons prosecuted", "Persons convicted", "Status"},
	}
	figures := [][][3]any{
		{{912, 214, 171}, {288, 71, 58}, {14, 3, 2}, {"1,214", 288, 231}},
		{{"1,004", 236, 198}, {301, 69, 61}, {11, 2, 1}, {"1,316", 307, 260}},
		{{"1,087", 201, 222}, {330, 60, 66}, {9, 1, 1}, {"1,426", 262, 289}}, // more convicted than prosecuted
		{{"1,130", 244, 205}, {342, 75, 63}, {16, 4, 2}, {"1,488", 323, 270}},
	}
	for y, year := range figures {
		status := "Final"
		if y == len(figures)-1 {
			status = "Preliminary"
		}
		for s, sex := range []string{"Male", "Female", "Not reported", "All"} {
			var fy any
			if s == 0 {
				fy = "FY" + itoa(2020+y)
			}
			rows = append(rows, []any{fy, sex, year[s][0], year[s][1], year[s][2], status})
		}
	}
	rows = append(rows, nil, []any{"Note: figures typed as text with a comma in some rows. Invented for the demonstration of tipstat."})
	return book{sheet: "SAMPLE invented figures", rows: rows, merges: []string{"A1:F1", "A2:F2", "A5:A8", "A9:A12", "A13:A16", "A17:A20"}}
}

func unitedStates(e *expected) error {
	file := "usa-justice-fiscal-year.xlsx"
	if err := unitedStatesBook().write(file); err != nil {
		return err
	}
	for _, w := range []want{
		{indicator: "PERSONS_INVESTIGATED", period: "2019-10-01/P1Y", value: "1214"},
		{indicator: "PERSONS_INVESTIGATED", period: "2020-10-01/P1Y", sex: "M", value: "1004"},
		{indicator: "PERSONS_PROSECUTED", period: "2021-10-01/P1Y", value: "262"},
		{indicator: "PERSONS_CONVICTED", period: "2021-10-01/P1Y", value: "289"},
		{indicator: "PERSONS_CONVICTED", period: "2021-10-01/P1Y", sex: "_U", value: "1"},
		{indicator: "PERSONS_CONVICTED", period: "2022-10-01/P1Y", value: "270", status: "P"},
	} {
		w.file, w.area, w.derivation = file, "USA", "reported"
		e.add(w)
	}
	e.add(want{file: file, area: "USA", indicator: "PERSONS_CONVICTED", period: "2021-10-01/P1Y", derivation: "sum-of-parts", value: itoa(sum(222, 66, 1))})
	return nil
}

// guatemalaFigures are by year, origin and destination; -1 is not available.
var (
	guatemalaOrigins = []string{"Guatemala", "Honduras", "El Salvador", "Nicaragua", "Venezuela (República Bolivariana de)", "Otros países"}
	guatemalaTo      = []string{"Guatemala", "México", "Estados Unidos", "Belice"}
	guatemalaFigures = [][][]int{
		{{112, 38, 24, 6}, {29, 14, 7, 0}, {17, 9, 5, 1}, {12, 3, 0, 2}, {8, 11, 4, 0}, {5, 2, 1, -1}},
		{{126, 41, 30, 4}, {33, 16, 9, 1}, {14, 10, 6, 0}, {15, 4, 1, 3}, {19, 22, 8, 0}, {6, 3, 2, 0}},
	}
)

func guatemala(e *expected) error {
	file := "gtm-rutas.xlsx"
	rows := [][]any{
		{"SAMPLE - invented figures / MUESTRA - cifras inventadas"},
		{"República de Guatemala (cuadro ficticio): víctimas de trata identificadas, por país de origen y de destino"},
		{"Año", "País de origen", "País de destino", nil, nil, nil, "Total"},
		{nil, nil, "Guatemala", "México", "Estados Unidos", "Belice", nil},
	}
	text := func(n int) any {
		switch {
		case n < 0:
			return "n.d."
		case n == 0:
			return "-"
		}
		return n
	}
	for y, year := range guatemalaFigures {
		columns, all := make([]int, len(guatemalaTo)), 0
		for o, origin := range guatemalaOrigins {
			row := []any{nil, origin}
			if o == 0 {
				row[0] = 2022 + y
			}
			total := 0
			for d, n := range year[o] {
				row = append(row, text(n))
				total += max(0, n)
				columns[d] += max(0, n)
			}
			all += total
			rows = append(rows, append(row, total))
		}
		row := []any{nil, "Total"}
		for _, n := range columns {
			row = append(row, n)
		}
		rows = append(rows, append(row, all))
		at := func(origin, destination, derivation string, n int) {
			e.add(want{file: file, area: "GTM", indicator: "ROUTE_VICTIMS", origin: origin, destination: destination, period: itoa(2022 + y),
				victims: "IDENTIFIED", derivation: derivation, value: itoa(n)})
		}
		at("HND", "MEX", "reported", year[1][1])
		at("NIC", "USA", "reported", year[3][2])
		at("VEN", "_T", "reported", sum(year[4]...))
		at("_T", "MEX", "sum-of-parts", columns[1])
		at("_T", "_T", "reported", all)
	}
	rows = append(rows, []any{"Nota: - = ninguna; n.d. = no disponible. Cifras inventadas para la demostración de tipstat."})
	return book{sheet: "MUESTRA inventada", rows: rows, merges: []string{"A1:G1", "A2:G2", "A3:A4", "B3:B4", "C3:F3", "G3:G4", "A5:A11", "A12:A18"}}.write(file)
}

func jamaica(e *expected) error {
	file := "jam-monthly-victims.xlsx"
	months := []string{"January", "February", "March", "April", "May", "June", "July", "Aug.", "Sept.", "October", "Nov.", "December"}
	female := [][]int{{4, 2, 5, 3, 6, 1, 3, 4, 2, 5, 3, 4}, {5, 3, 4, 6, 2, 4, 3, 5, 4, 2, 6, 3}}
	male := [][]int{{1, 0, 2, 1, 1, 0, 2, 1, 0, 1, 2, 1}, {0, 1, 2, 0, 1, 3, 1, 0, 2, 1, 1, 2}}
	rows := [][]any{
		{"SAMPLE - invented figures"},
		{"Jamaica (fictitious table): victims of trafficking identified, by month and sex"},
		{"Year", "Month", "Female", "Male", "Total"},
	}
	text := func(n int) any {
		if n == 0 {
			return "Nil"
		}
		return n
	}
	for y := range 2 {
		for m, month := range months {
			var year any
			if m == 0 {
				year = 2022 + y
			}
			rows = append(rows, []any{year, month, text(female[y][m]), text(male[y][m]), text(female[y][m] + male[y][m])})
		}
		f, m := sum(female[y]...), sum(male[y]...)
		rows = append(rows, []any{nil, "Year total", f, m, f + m + 2*y}) // 2023: two more than the months
		for _, w := range []want{
			{sex: "F", period: itoa(2022+y) + "-06", derivation: "reported", value: itoa(female[y][5])},
			{sex: "M", period: itoa(2022+y) + "-06", derivation: "reported", value: itoa(male[y][5])},
			{sex: "F", period: itoa(2022 + y), derivation: "summed", value: itoa(f)},
			{sex: "M", period: itoa(2022 + y), derivation: "summed", value: itoa(m)},
			{period: itoa(2022 + y), derivation: "summed", value: itoa(f + m)},
			{period: itoa(2022 + y), derivation: "check", value: itoa(f + m + 2*y)},
		} {
			w.file, w.area, w.indicator, w.victims = file, "JAM", "VICTIMS_DETECTED", "IDENTIFIED"
			e.add(w)
		}
	}
	return book{sheet: "SAMPLE invented figures", rows: rows, merges: []string{"A1:E1", "A2:E2", "A4:A16", "A17:A29"}}.write(file)
}

func canadaRows() [][]string {
	return [][]string{
		{"SAMPLE - invented figures / EXEMPLE - chiffres inventés", "", "", "", ""},
		{"Canada (fictitious table / tableau fictif): April to March / avril à mars", "", "", "", ""},
		{"Measure / Mesure", "Unit / Unité", "2021/22", "2022/23", "Note"},
		{"Training sessions / Séances de formation", "sessions / séances", "46", "58", ""},
		{"Persons trained / Personnes formées", "persons / personnes", "1\u00a0204", "1\u00a0587", ""},
		{"Prevention activities / Activités de prévention", "activities / activités", "31", "29", ""},
		{"Mutual legal assistance requests / Demandes d'entraide judiciaire", "requests / demandes", "7", "5", ""},
		{"Extraditions", "persons / personnes", "2", "0", ""},
		{"Joint investigations / Enquêtes conjointes", "cases / affaires", "..", "4", "not collected before 2022 / non recueilli avant 2022"},
		{"Residence permits / Titres de séjour", "persons / personnes", "...", "...", "no such permit / aucun titre de ce genre"},
		{".. not collected / non recueilli; ... not applicable / sans objet", "", "", "", ""},
	}
}

func canada(e *expected) error {
	file := "can-measures-mesures.csv"
	b, err := csvBytes(',', canadaRows())
	if err != nil {
		return err
	}
	if err := write(file, append([]byte("\ufeff"), b...)); err != nil {
		return err
	}
	for _, w := range []want{
		{indicator: "TRAINING_SESSIONS", period: "2022-04-01/P1Y", value: "58"},
		{indicator: "PERSONS_TRAINED", period: "2021-04-01/P1Y", value: "1204"},
		{indicator: "EXTRADITIONS", period: "2022-04-01/P1Y", value: "0"},
		{indicator: "JOINT_INVESTIGATIONS", period: "2021-04-01/P1Y", status: "L"},
		{indicator: "JOINT_INVESTIGATIONS", period: "2022-04-01/P1Y", value: "4"},
		{indicator: "RESIDENCE_PERMITS", period: "2022-04-01/P1Y", status: "M"},
	} {
		w.file, w.area, w.derivation = file, "CAN", "reported"
		e.add(w)
	}
	return nil
}

// treaties writes dates that are facts; the layout names their source.
func treaties(*expected) error {
	rows := [][]string{
		{"SAMPLE - the dates are facts, the table was made for the demonstration of tipstat", "", ""},
		{"Protocolo contra la trata de personas: algunos Estados miembros de la OEA (a = adhesión)", "", ""},
		{"Estado", "Firma", "Ratificación, adhesión (a)"},
	}
	for line := range strings.Lines(strings.TrimSpace(`
Antigua y Barbuda||17/02/2010 a
Argentina|12/12/2000|19/11/2002
Belice||26/09/2003 a
Bolivia (Estado Plurinacional de)|12/12/2000|18/05/2006
Granada||21/05/2004 a
Guatemala||01/04/2004 a
Guyana||14/09/2004 a
`)) {
		rows = append(rows, strings.Split(strings.TrimSpace(line), "|"))
	}
	return writeCSV("oas-protocolo-trata.csv", ',', rows)
}
