package layout_test

import (
	"testing"

	"github.com/oas/tipstat/ingest/layout"
)

// A condition on a column that the file does not have never holds, so that
// nothing is set aside by a column that is not there.
func TestConditionOnAbsentColumn(t *testing.T) {
	l := parse(t, figures("out_of_scope: [{rule: other, when: {Crime: {not: [Trafficking]}}, why: {en: x}}, {rule: none, when: {Crime: {blank: true}}, why: {en: x}}]\n",
		"  - {header: Year, concept: YEAR}\n  - {header: Sex, concept: SEX}\n  - {header: Crime, ignore: scope, optional: true}\n  - {header: Value, value: true}\n"))
	same(t, "without", list("1 observation"), read(t, l, "Year,Sex,Value\n2023,F,1\n").accounts())
	same(t, "with", list("1 observation", "1 out-of-scope none", "1 out-of-scope other"),
		read(t, replaceRule(l), "Year,Sex,Value,Crime\n2023,F,1,trafficking\n2023,F,1,\n2023,F,1,theft\n").accounts())
}

// replaceRule puts the rule about blanks first.
func replaceRule(l *layout.Layout) *layout.Layout {
	l.OutOfScope[0], l.OutOfScope[1] = l.OutOfScope[1], l.OutOfScope[0]
	return l
}

// All parts of a condition must hold.
func TestConditionParts(t *testing.T) {
	l := parse(t, figures("out_of_scope: [{rule: x, when: {Sex: {blank: false, not: [F, M], matches: \"^[A-Z]\"}}, why: {en: x}}]\n", ""))
	g := read(t, l, "Year,Sex,Value\n2023,F,1\n2023,M,1\n2023,total,1\n2023,Total,1\n")
	same(t, "accounts", list("3 observation", "1 out-of-scope x"), g.accounts())
}
