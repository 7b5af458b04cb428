package dataset_test

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/oas/tipstat/reports/dataset"
	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/store"
)

// A store without figures gives no data set; one with figures gives a folder of files,
// which Set.Files lists.
func ExampleWrite() {
	ctx := context.Background()
	codes, err := codelist.Load(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	st, err := store.Open(ctx, "") // in memory
	if err != nil {
		fmt.Println(err)
		return
	}
	defer st.Close()
	dir, err := os.MkdirTemp("", "dataset")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	o := dataset.Options{Format: dataset.Parquet, Params: table.Params{Lang: "es", States: []string{"HND"}, FromYear: 2019, ToYear: 2023}}
	_, err = dataset.Write(ctx, st.DB(), codes, dir, o)
	fmt.Println(errors.Is(err, dataset.ErrNothing))
	fmt.Println(err)
	// Output:
	// true
	// no figure of these States and years
}

func ExampleFindLicence() {
	l, err := dataset.FindLicence("CC-BY-4.0")
	fmt.Println(l.Title, err)
	_, err = dataset.FindLicence("CC-BY")
	fmt.Println(err)
	// Output:
	// Creative Commons Attribution 4.0 International <nil>
	// "CC-BY" is not among CC-BY-4.0, CC-BY-SA-4.0, CC0-1.0, ODC-BY-1.0; want one of these, or the https address of another
}
