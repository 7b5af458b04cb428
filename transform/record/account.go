package record

// Outcome of a row that was read.
type Outcome string

const (
	Observed   Outcome = "observation"  // it became one or more records
	OutOfScope Outcome = "out-of-scope" // set aside by a rule of the layout
	Refused    Outcome = "refused"      // refused by a finding
)

// RowAccount says what became of a number of rows of one sheet. The accounts
// of a sheet add up to the rows read from it.
type RowAccount struct {
	Sheet   string  `json:"sheet"`
	Outcome Outcome `json:"outcome"`
	Rule    string  `json:"rule"` // the layout's rule, or the code of the finding
	Rows    int64   `json:"rows"`
}
