package table

import (
	"testing"
	"time"
)

func TestSpan(t *testing.T) {
	for period, want := range map[string][2]string{
		"2023": {"2023-01-01", "2024-01-01"}, "2023-05": {"2023-05-01", "2023-06-01"}, "2023-12": {"2023-12-01", "2024-01-01"},
		"2023-Q4": {"2023-10-01", "2024-01-01"}, "2023-S2": {"2023-07-01", "2024-01-01"}, "2022-10-01/P1Y": {"2022-10-01", "2023-10-01"},
		"2025-01-01/P9M": {"2025-01-01", "2025-10-01"},
	} {
		from, after, ok := Span(period)
		if !ok || from.Format(time.DateOnly) != want[0] || after.Format(time.DateOnly) != want[1] {
			t.Errorf("%s: %v to %v, %v", period, from, after, ok)
		}
	}
	for _, wrong := range []string{"", "20", "2023-13", "2023-Q5", "2022-10-15/P1Y", "next year"} {
		if _, _, ok := Span(wrong); ok {
			t.Errorf("%q is a period", wrong)
		}
	}
}
