package review

import (
	"errors"
	"testing"

	"github.com/oas/tipstat/ingest/sheet"
)

// TestPanicIsNoReview: a panic while a workbook is marked ends that review alone.
func TestPanicIsNoReview(t *testing.T) {
	r := &review{name: "x.xlsx", original: []byte("no zip"), levels: []care{commentAll}} // no workbook: survey was not run
	_, err := r.attempt()
	var of *sheet.Error
	if err == nil || errors.As(err, &of) && of.Code != sheet.CodeFault {
		t.Errorf("attempt: %v", err)
	}
}
