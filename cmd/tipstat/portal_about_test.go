package main

import (
	"testing"

	"github.com/oas/tipstat/transform/codelist"
)

func TestAbout(t *testing.T) {
	codes, err := codelist.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	f := &office{codes: codes}
	for about, want := range map[string]string{
		"":                     "",
		"F":                    "Femenino",
		"F Y0T17 SEXUAL":       "Femenino; 0 a 17 años; Explotación sexual",
		"_U HND GTM":           "Desconocido; Honduras; Guatemala",
		"M _U HND":             "Masculino; Desconocida; Honduras",
		"LABOUR NOT_ANY_CODE1": "Trabajos o servicios forzados; NOT_ANY_CODE1",
	} {
		if got := f.about(about, "es"); got != want {
			t.Errorf("%q: %q, want %q", about, got, want)
		}
	}
}
