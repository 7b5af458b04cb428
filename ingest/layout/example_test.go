package layout_test

import (
	"context"
	"fmt"
	"log"
	"strings"

	"github.com/oas/tipstat/ingest/layout"
	"github.com/oas/tipstat/ingest/sheet"
	"github.com/oas/tipstat/transform/codelist"
)

func Example() {
	ctx := context.Background()
	codes, err := codelist.Load(nil)
	if err != nil {
		log.Fatal(err)
	}
	victims, err := layout.Parse([]byte(`
id: hnd-victims
version: 1.0.0
title: {en: Honduras, victims by sex}
agency: SAMPLE
record: victims
rows: figure
match: {header: [Año, Sexo, Víctimas]}
constants: {REF_AREA: HND, INDICATOR: VICTIMS_DETECTED, COUNTING_UNIT: PERSON}
values: {symbols: {n.d.: O}}
columns:
  - {header: Año, concept: YEAR}
  - {header: Sexo, concept: SEX}
  - {header: Víctimas, value: true}
`), "hnd-victims.yaml", codes)
	if err != nil {
		log.Fatal(err)
	}

	const file = `Secretaría de Seguridad,,
Año,Sexo,Víctimas
2023,Mujeres,98
2023,Hombres,n.d.
2023,Mujeeres,doce
`
	wb, err := sheet.Open(ctx, strings.NewReader(file), int64(len(file)), "hnd.csv", sheet.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer wb.Close()
	found, faults, err := layout.Recognise(ctx, wb, "hnd.csv", []*layout.Layout{victims}, "")
	if err != nil {
		log.Fatal(err)
	}
	if found == nil {
		log.Fatal(faults.Err())
	}
	fmt.Println("recognised:", found.Layout.ID)
	res, err := layout.Read(ctx, wb, found, codes, layout.Options{File: "hnd.csv"})
	if err != nil {
		log.Fatal(err)
	}
	for _, a := range res.Account {
		fmt.Printf("%d rows: %s %q\n", a.Rows, a.Outcome, a.Rule)
	}
	for _, f := range res.Findings {
		fmt.Printf("%s: %s [%s]\n", f.Subject, f.Message("en"), f.Code)
	}
	// Output:
	// recognised: hnd-victims
	// 2 rows: observation ""
	// 1 rows: refused "TIP-V004"
	// hnd.csv: B5: "Mujeeres" has no code in CL_SEX; nearest: F [TIP-V004]
	// hnd.csv: C5: want a figure, have "doce" [TIP-V001]
}
