package sdmx_test

import (
	"context"
	"fmt"
	"os"

	"github.com/oas/tipstat/reports/sdmx"
	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/store"
)

// What a store holds is chosen once and written in any format: of an empty store the
// structures, and no data.
func ExampleMake() {
	ctx := context.Background()
	st, err := store.Open(ctx, "")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer st.Close()
	set, err := codelist.Load(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := st.Hold(ctx); err != nil { // one connection, on which disclosure.Protect would come next
		fmt.Println(err)
		return
	}
	e, err := sdmx.Make(ctx, st.DB(), set, table.Params{Lang: "pt"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(e.Observations, e.Prepared.Year())
	if err := e.WriteDataCSV(ctx, os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// 0 1970
	// STRUCTURE,STRUCTURE_ID,ACTION,FREQ,REF_AREA,INDICATOR,SEX,AGE,EXPLOITATION,CITIZENSHIP,ORIGIN,TRANSIT,DESTINATION,COUNTING_UNIT,VICTIM_STATUS,UNIT_MEASURE,SOURCE_AGENCY,TIME_PERIOD,OBS_VALUE,OBS_STATUS,CONF_STATUS,LOWER_BOUND,UPPER_BOUND,UNIT_MULT,DECIMALS,IDENTIFIED_BY,COVERAGE,LEGAL_ARTICLE,PERIOD_AS_REPORTED,COMMENT_OBS,DERIVATION,COMPARABILITY,COMPARABILITY_REASONS
}
