package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// answer is how a case row writes something, and the code that it means.
type answer struct{ text, code string }

// person is one case row with its meaning beside it.
type person struct {
	year, month, day                        int
	age                                     int // 999: not known
	sex, citizenship, form, status, offence answer
}

// oneOf picks an answer; the earlier ones are more frequent.
func oneOf(r *rand.Rand, from []answer) answer {
	return from[min(r.IntN(len(from)), r.IntN(len(from)))]
}

const casesFile = "cri-casos.csv"

var caseHeader = []string{"Fecha de registro", "Sexo", "Edad", "Nacionalidad", "Forma de explotación", "Condición", "Delito"}

func (p person) row() []string {
	return []string{fmt.Sprintf("%02d/%02d/%d", p.day, p.month, p.year), p.sex.text, itoa(p.age), p.citizenship.text, p.form.text, p.status.text, p.offence.text}
}

// counts tells whether the row is in scope.
func (p person) counts() bool { return p.offence.code == "TIP" && p.status.code != "" }

func people() []person {
	r := rand.New(rand.NewPCG(2026, 4))
	sexes := []answer{{"Mujer", "F"}, {"F", "F"}, {"mujer", "F"}, {"Hombre", "M"}, {"MASCULINO", "M"}, {"No indica", "_U"}}
	countries := []answer{{"Costarricense", "CRI"}, {"Nicaragüense", "NIC"}, {"nicaraguense", "NIC"}, {"Costa Rica", "CRI"}, {"NICARAGUA", "NIC"},
		{"Colombiana", "COL"}, {"Venezolana", "VEN"}, {"Rep. Dominicana", "DOM"}, {"Hondureña", "HND"}, {"Sin dato", "_U"}, {"China", "CHN"}}
	forms := []answer{{"Explotación sexual", "SEXUAL"}, {"Trabajos forzados", "LABOUR"}, {"explotacion sexual", "SEXUAL"}, {"Servidumbre doméstica", "DOMESTIC_SERVITUDE"},
		{"Mendicidad forzada", "BEGGING"}, {"Matrimonio servil", "FORCED_MARRIAGE"}, {"Sin especificar", "_U"}}
	statuses := []answer{{"Víctima identificada", "IDENTIFIED"}, {"Presunta víctima", "PRESUMED"}, {"Víctima identificada", "IDENTIFIED"}, {"Descartada", ""}}
	offences := []answer{{"Trata de personas", "TIP"}, {"Trata de personas", "TIP"}, {"Trata de personas", "TIP"}, {"Trata de personas", "TIP"},
		{"Tráfico ilícito de migrantes", "SMUGGLING"}}
	var out []person
	for i := range 300 {
		p := person{year: 2022 + i/150, month: i%150*12/150 + 1, day: 1 + r.IntN(28), age: 5 + r.IntN(25) + r.IntN(20),
			sex: oneOf(r, sexes), citizenship: oneOf(r, countries), form: oneOf(r, forms), status: oneOf(r, statuses), offence: oneOf(r, offences)}
		if r.IntN(15) == 0 {
			p.age = 999
		}
		out = append(out, p)
	}
	slices.SortStableFunc(out, func(a, b person) int {
		return (a.year*10000 + a.month*100 + a.day) - (b.year*10000 + b.month*100 + b.day)
	})
	return out
}

func caseRows() [][]string {
	rows := [][]string{{"SAMPLE - invented persons and figures / MUESTRA - personas y cifras inventadas", "", "", "", "", "", ""}, caseHeader}
	for _, p := range people() {
		rows = append(rows, p.row())
	}
	return rows
}

func costaRica(e *expected) error {
	if err := writeCSV(casesFile, ',', caseRows()); err != nil {
		return err
	}
	all := people()
	count := func(in func(person) bool) string {
		n := 0
		for _, p := range all {
			if p.counts() && in(p) {
				n++
			}
		}
		return itoa(n)
	}
	add := func(w want, in func(person) bool) {
		w.file, w.area, w.indicator, w.value = casesFile, "CRI", "VICTIMS_DETECTED", count(func(p person) bool {
			return p.status.code == w.victims && strings.HasPrefix(fmt.Sprintf("%d-%02d", p.year, p.month), w.period) && in(p)
		})
		e.add(w)
	}
	every := func(person) bool { return true }
	child := func(p person) bool { return p.age < 18 }
	for _, status := range []string{"IDENTIFIED", "PRESUMED"} {
		for _, year := range []string{"2022", "2023"} {
			add(want{victims: status, period: year, derivation: "counted"}, every)
		}
		add(want{victims: status, period: "2023", derivation: "counted", sex: "F"}, func(p person) bool { return p.sex.code == "F" })
		add(want{victims: status, period: "2023", derivation: "counted", age: "Y0T17"}, child)
	}
	add(want{victims: "IDENTIFIED", period: "2023-05", derivation: "counted"}, every)
	add(want{victims: "IDENTIFIED", period: "2022", derivation: "counted", age: "_U"}, func(p person) bool { return p.age == 999 })
	add(want{victims: "IDENTIFIED", period: "2022", derivation: "counted", age: "Y12T17"}, func(p person) bool { return p.age >= 12 && p.age < 18 })
	add(want{victims: "IDENTIFIED", period: "2022", derivation: "counted", citizenship: "NIC"}, func(p person) bool { return p.citizenship.code == "NIC" })
	add(want{victims: "IDENTIFIED", period: "2022", derivation: "counted", exploitation: "SEXUAL"}, func(p person) bool { return p.form.code == "SEXUAL" })
	add(want{victims: "IDENTIFIED", period: "2022", derivation: "counted", exploitation: "DOMESTIC_SERVITUDE"}, func(p person) bool { return p.form.code == "DOMESTIC_SERVITUDE" })
	// Domestic servitude is labour too, though other rows say just "forced labour".
	add(want{victims: "IDENTIFIED", period: "2022", exploitation: "LABOUR"}, func(p person) bool {
		return p.form.code == "LABOUR" || p.form.code == "DOMESTIC_SERVITUDE"
	})
	return nil
}
