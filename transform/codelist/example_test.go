package codelist_test

import (
	"fmt"

	"github.com/oas/tipstat/transform/codelist"
)

func ExampleSet_Lookup() {
	lists, err := codelist.Load(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, text := range []string{"República Dominicana", "HONDURE\ufffdO", "Nationals", "Congolese"} {
		m, ok := lists.Lookup("CL_AREA", text, 2023)
		fmt.Println(ok, m.Code, m.How, lists.Propose("CL_AREA", text, 2))
	}
	// Output:
	// true DOM label [DOM]
	// true HND repaired [HND]
	// true =REF_AREA synonym []
	// false   [COD COG]
}
