package sdmx

import (
	"strconv"
	"time"

	"github.com/oas/tipstat/reports/table"
)

// dataConstraint says what a selection of the data has: SDMX 3.0 answers a query of
// availability with one whose role is Actual (3.1 has a type of its own for it).
type dataConstraint struct {
	maintained
	Role       string     `xml:"role,attr" json:"role"`
	Attachment attachment `xml:"str:ConstraintAttachment" json:"constraintAttachment"`
	Regions    []region   `xml:"str:CubeRegion" json:"cubeRegions"`
}

type attachment struct {
	DataStructures []string `xml:"str:DataStructure" json:"dataStructures,omitempty"`
	Dataflows      []string `xml:"str:Dataflow" json:"dataflows,omitempty"`
}

type region struct {
	Include bool       `xml:"include,attr" json:"include"`
	Values  []keyValue `xml:"str:KeyValue" json:"keyValues,omitempty"`
}

// keyValue holds the codes of a dimension, or the span of the time dimension.
type keyValue struct {
	ID     string     `xml:"id,attr" json:"id"`
	Values []string   `xml:"str:Value" json:"values,omitempty"`
	Time   *timeRange `xml:"str:TimeRange" json:"timeRange,omitempty"`
}

type timeRange struct {
	Start timePoint `xml:"str:StartPeriod" json:"startPeriod"`
	End   timePoint `xml:"str:EndPeriod" json:"endPeriod"`
}

type timePoint struct {
	Period    string `xml:",chardata" json:"period"`
	Inclusive bool   `xml:"isInclusive,attr" json:"isInclusive"`
}

// counted is a number of what a query would give, as clients of SDMX 2.1 and 3.0 look
// for it: SDMX 3.0 has no place of its own for it.
func counted(id string, n int64) annotation {
	return annotation{ID: id, Type: "sdmx_metrics", Value: strconv.FormatInt(n, 10)}
}

// spanOf is the range from the first day of the periods to the last.
func spanOf(periods []string) *timeRange {
	var first, last time.Time
	for _, p := range periods {
		from, after, ok := table.Span(p)
		if !ok {
			continue
		}
		if first.IsZero() || from.Before(first) {
			first = from
		}
		if after.After(last) {
			last = after
		}
	}
	return &timeRange{timePoint{first.Format(time.DateOnly), true}, timePoint{last.AddDate(0, 0, -1).Format(time.DateOnly), true}}
}
