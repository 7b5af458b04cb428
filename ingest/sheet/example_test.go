package sheet_test

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/oas/tipstat/ingest/sheet"
	"github.com/oas/tipstat/transform/record"
)

func Example() {
	ctx := context.Background()
	file := strings.NewReader("Año;Víctimas\n2023;<5\n2024;17\n")
	wb, err := sheet.Open(ctx, file, file.Size(), "victimas.csv", sheet.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer wb.Close()
	for _, s := range wb.Sheets() {
		err := wb.Read(ctx, s.Index, func(r *sheet.Row) error {
			for _, c := range r.Cells {
				fmt.Println(record.CellName(r.Number, c.Col), c.Kind, c.Text)
			}
			return nil
		})
		if err != nil {
			fmt.Println(err)
		}
	}
	for _, n := range wb.Notes() {
		fmt.Println(n.Code, n.Found)
	}
	// Output:
	// A1 text Año
	// B1 text Víctimas
	// A2 text 2023
	// B2 text <5
	// A3 text 2024
	// B3 text 17
	// TIP-F102 ;
}

// A file that cannot be read in full is refused with a finding, which says in
// four languages what was found and what to do.
func ExampleError_Finding() {
	file := strings.NewReader("Año,Víctimas\n2023,\"17\n")
	wb, err := sheet.Open(context.Background(), file, file.Size(), "victimas.csv", sheet.Options{})
	if err == nil {
		err = wb.Read(context.Background(), 0, func(*sheet.Row) error { return nil })
	}
	var refused *sheet.Error
	if errors.As(err, &refused) {
		f := refused.Finding()
		fmt.Printf("%s: %s [%s]\n", f.Subject, f.Message("es"), f.Code)
	}
	// Output:
	// victimas.csv: B2: en la línea 2 unas comillas no se cierran, o están dentro de un valor [TIP-F051]
}
