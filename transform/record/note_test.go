package record_test

import (
	"testing"

	"github.com/oas/tipstat/transform/record"
)

func TestMayTellOfPerson(t *testing.T) {
	for _, text := range []string{
		"La ley 20.507 de 2011 cambió la cuenta: 1.234 en 2024, 2.345 en 2025.",
		"Entre 01/10/2024 y 30/09/2025 hubo 3 operativos (12, 15 y 40).",
		"Serie revisada 2020-2024 (cohortes 2024/2025, 2019 – 2020).",
		"Lei 13.344/2016, art. 149-A", "Ley 28950 (2007), art. 153", "Ley 26.364 (2008)", "Ley 20507/2011", "Ley 1153-2022", "Ley 9095 (2012)",
		"Resolución 1234-2021", "Ley 8720 2009", "Fiscal years 2020/21-2021/22", "01/2022-12/2022", "2019 2020 2021",
		"12 cases in 2021 (2022: 15)", "The law changed in 2022. 2023 is the first full year.", "Artículos 52, 219 y 220 del Código Penal",
		"From 2025-01-01 to 2025-12-31", "33,715,471 inhabitants",
	} {
		if record.MayTellOfPerson(text) {
			t.Errorf("%q is taken for a person's", text)
		}
	}
	for _, text := range []string{
		"Pregunte a ana.perez@fiscalia.gob.hn", "véase https://ejemplo.org", "www.ejemplo.org",
		"DNI 0801-1990-12345", "DNI 0801 1990 12345", "8-1990-12345678", "CPF 123.456.789-00", "RUT 12.345.678-9",
		"llame al +504 2233-4455", "tel. 9999-8888", "Pasaporte E1234567", "pasaporte a1234567",
		"CURP GOMC900101HDFRRL09", "RFC GOMC900101AB1", "DNI ١٢٣٤٥٦٧٨", "ＤＮＩ １２３４５６７８",
	} {
		if !record.MayTellOfPerson(text) {
			t.Errorf("%q passes", text)
		}
	}
}
