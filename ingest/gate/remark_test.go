package gate

import (
	"testing"

	"github.com/oas/tipstat/transform/codelist"
)

func TestRemark(t *testing.T) {
	codes, err := codelist.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]bool{
		"The ministry sent the file of another year.":                                       false,
		"El total de 2023 no es la suma de mujeres y hombres; la Fiscalía lo va a corregir": false,
		"Enviado por engano: números de 2022 na coluna de 2023 (células C5:C9).":            false,
		"Le ministère de la Justice a demandé le retrait le 12 mars 2026":                   false,
		"+100 %: cases were counted as persons":                                             false,
		"la víctima María Fernanda López Hernández aparece dos veces":                       true,
		"pregunte a Juan Carlos Ramírez":                                                    true,
		"DNI 45678912 está en la hoja 2":                                                    true,
		"call +504 9988-7766":                                                               true,
		"escreva para ana.souza@example.org":                                                true,
	} {
		if got, err := Remark(t.Context(), text, codes); err != nil || got != want {
			t.Errorf("%q: %v %v, want %v", text, got, err, want)
		}
	}
}
