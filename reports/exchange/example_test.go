package exchange_test

import (
	"fmt"

	"github.com/oas/tipstat/reports/exchange"
)

// A form says what it asks of each State and year.
func ExampleLoad() {
	f, err := exchange.Load("glotip")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, q := range f.Questions[:3] {
		fmt.Println(q.ID, q.Asks, q.Label["fr"])
	}
	// Output:
	// offences [total] Infractions de traite des personnes
	// formal-contact [total sex age sex-age] Personnes entrées officiellement en contact
	// prosecuted [total sex age sex-age] Personnes poursuivies
}
