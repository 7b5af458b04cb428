package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/oas/tipstat/transform/store"
)

// TestOutOfMemoryIsTold: too little memory for the database is told with what to do.
func TestOutOfMemoryIsTold(t *testing.T) {
	a := &app{lang: "es"}
	got := a.said(fmt.Errorf("ingest: %w", fmt.Errorf("%w: could not allocate", store.ErrMemory)))
	for _, part := range []string{"tipstat.yaml", "duckdb: memory", "quedó como estaba", "could not allocate"} {
		if !strings.Contains(got, part) {
			t.Errorf("%q does not say %s", got, part)
		}
	}
}
