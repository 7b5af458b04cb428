package record

import (
	"math"
	"strconv"
)

// ObsStatus is a code of SDMX's CL_OBS_STATUS 2.2. It keeps the five kinds of
// nothing apart; zero is a number with status Normal.
type ObsStatus string

// The statuses that tipstat gives of itself; a source may declare others.
const (
	Normal        ObsStatus = "A" // a figure, zero included
	NotAvailable  ObsStatus = "O" // missing, the reason not broken down
	NotApplicable ObsStatus = "M" // missing, data cannot exist
	NotCollected  ObsStatus = "L" // missing, data exist but were not collected
	Suppressed    ObsStatus = "Q" // withheld for confidentiality; with bounds it is a censored value such as <5
	Provisional   ObsStatus = "P"
	Break         ObsStatus = "B" // break in the time series
	Differs       ObsStatus = "D" // definition differs
)

// Value is what a cell says of a quantity: a number, a censored number with
// its bounds, or one of the kinds of nothing. Lower and Upper are the closed
// interval in which the figure lies: both equal Number for an exact figure,
// 0 and 4 for "<5". NaN stands for a bound or a number that is not known.
type Value struct {
	Number float64
	Lower  float64
	Upper  float64
	Status ObsStatus
}

// Exact makes the value of a figure given as a number.
func Exact(n float64) Value { return Value{Number: n, Lower: n, Upper: n, Status: Normal} }

// Censored makes the value of a figure of which only bounds were given.
func Censored(lower, upper float64) Value {
	return Value{Number: math.NaN(), Lower: lower, Upper: upper, Status: Suppressed}
}

// Missing makes a value without figure or bounds, for one of the kinds of nothing.
func Missing(s ObsStatus) Value {
	return Value{Number: math.NaN(), Lower: math.NaN(), Upper: math.NaN(), Status: s}
}

// IsExact tells whether the value is a number that can be added and compared.
func (v Value) IsExact() bool { return !math.IsNaN(v.Number) }

// String gives the value as a person reads it: 1757, 0–4, or the status code
// of a missing value.
func (v Value) String() string {
	switch {
	case v.IsExact():
		return FormatNumber(v.Number)
	case !math.IsNaN(v.Lower) && !math.IsNaN(v.Upper):
		return FormatNumber(v.Lower) + "–" + FormatNumber(v.Upper)
	case !math.IsNaN(v.Lower):
		return "≥" + FormatNumber(v.Lower)
	}
	return string(v.Status)
}

// FormatNumber writes a number with the fewest digits that read back the same.
func FormatNumber(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }
