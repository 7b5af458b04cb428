package query_test

import (
	"fmt"

	"github.com/oas/tipstat/reports/query"
	"github.com/oas/tipstat/transform/codelist"
)

// A question becomes the spec of a table; table.Build makes the table.
func ExampleSpec() {
	set, err := codelist.Load(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	spec, err := query.Spec(set, query.Question{Measures: []string{"VICTIMS_DETECTED"}, Columns: []string{"SEX", "TIME_PERIOD"}, Where: []string{"AGE=Y0T17"}})
	fmt.Println(spec.Title["es"], err)
	_, err = query.Spec(set, query.Question{Measures: []string{"VICTIMS_DETECTED"}, Columns: []string{"SEXO"}})
	fmt.Println(err)
	// Output:
	// Víctimas de trata detectadas, por Estado, sexo y año (Edad: 0 a 17 años) <nil>
	// --columns: no concept "SEXO"; the nearest is SEX
}
