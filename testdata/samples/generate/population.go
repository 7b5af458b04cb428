package main

// population writes the denominators of rates: round figures, so that nobody
// takes them for those of the States.
func population(e *expected) error {
	file := "oas-poblacion.csv"
	err := writeCSV(file, ';', [][]string{
		{"SAMPLE - invented figures / MUESTRA - cifras inventadas", "", "", ""},
		{"Estado", "Año", "Población a mitad de año", "Nota"},
		{"Honduras", "2022", "8.000.000", ""},
		{"Honduras", "2023", "8.100.000", ""},
		{"Jamaica", "2022", "2.000.000", ""},
		{"Jamaica", "2023", "2.000.000", "*"},
		{"Costa Rica", "2022", "4.000.000", ""},
		{"Costa Rica", "2023", "n.d.", ""},
		{"Haití", "2022", "9.000.000", ""},
		{"Nota: * proyección; n.d. = no disponible.", "", "", ""},
	})
	for _, w := range []want{
		{area: "HND", period: "2023", value: "8100000"},
		{area: "JAM", period: "2023", value: "2000000", status: "E"},
		{area: "CRI", period: "2023", status: "O"},
		{area: "HTI", period: "2022", value: "9000000"},
	} {
		w.file, w.indicator, w.derivation = file, "POPULATION", "reported"
		e.add(w)
	}
	return err
}
