// Package reports writes a table (reports/table) in the forms that a meeting
// uses: text for a terminal, csv for a machine, xlsx for paper and for Excel,
// html for a browser, pdf for A4 and Letter, Markdown for a page of one's own.
// A renderer works nothing out: what a table says is in the model, so that all
// forms say the same. Address finds the cell of the model that stands at a
// place of a written report, which is where tipstat trace begins.
//
// The same table gives the same bytes. Text from files never becomes a
// formula or markup.
package reports
