package portal

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/oas/tipstat/ingest/batch"
	"github.com/oas/tipstat/ingest/inbox"
	"github.com/oas/tipstat/ingest/portal/upload"
	"github.com/oas/tipstat/transform/record"
	"github.com/oas/tipstat/transform/store"
)

type oneForm struct {
	queueRow
	ID, Said, Before, SHA256 string
	Submission               *store.Status
	Sheets                   []sheetFindings
	Read, Persons            bool
	Differences              []differenceRow
	CSV                      string
	Pages                    pager
	Decisions                []decisionRow
	Seen                     string
	MayConfirm, MayWithdraw  bool
	MayRestore               bool
	Again, Overtaken, Draft  bool
	MostReason               int
}

type differenceRow struct {
	Area, Record, Indicator, Period, About, Before, After, Percent, Change, Cell string
}

type decisionRow struct {
	Text, By, Reason string
	At               time.Time
}

// one shows an entry with all that is known of it.
func (s *Server) one(w http.ResponseWriter, r *http.Request, p *page) error {
	return s.onePage(w, r, p, nil)
}

func (s *Server) onePage(w http.ResponseWriter, r *http.Request, p *page, problem error) error {
	e, all, st, err := s.entry(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	f := oneForm{ID: e.ID, SHA256: e.SHA256, Submission: e.Sub, CSV: reviewHref(e.ID) + "/differences.csv", MostReason: store.MostReason}
	if f.queueRow, err = s.queueRow(e, p.Lang); err != nil {
		return err
	}
	if err := s.oneSaid(&f, e, all, p); err != nil {
		return err
	}
	if err := s.oneFindings(r, &f, e, p.Lang); err != nil {
		return err
	}
	if e.Sub != nil {
		if err := s.oneDifferences(r, &f, e.Sub.ID, st, p.Lang); err != nil {
			return err
		}
		f.Seen = e.Sub.Standing()
		f.MayRestore = e.Sub.Outcome == "withdrawn"
		f.MayWithdraw, f.MayConfirm = !f.MayRestore, !f.MayRestore && !e.Sub.Confirmed()
	}
	for _, reading := range e.Readings {
		rows, err := decisionRows(reading.Decisions, p.Lang)
		if err != nil {
			return err
		}
		f.Decisions = append(f.Decisions, rows...)
	}
	slices.SortStableFunc(f.Decisions, func(a, b decisionRow) int { return a.At.Compare(b.At) })
	p.Form = f
	if err := p.title("review-one", "nav_review"); err != nil {
		return err
	}
	p.Title = e.FileName
	if problem != nil {
		p.Again = 0
		return s.again(w, r, p, problem)
	}
	return s.show(w, r, p)
}

// oneSaid tells what the state of an entry means, and what may be done of a refused file.
func (s *Server) oneSaid(f *oneForm, e entry, all []entry, p *page) (err error) {
	switch {
	case e.Outcome == upload.Waiting:
		p.Again = lookAgain
		f.Said, err = text(p.Lang, "ahead", "count", 0)
	case e.standing() == "withdrawn":
		f.Said, err = text(p.Lang, "said_withdrawn")
	case outcomeText[e.Outcome] != "":
		f.Said, err = text(p.Lang, outcomeText[e.Outcome])
	}
	if err == nil && e.Before != nil {
		f.Before, err = beforeText(e.Before, p.Lang)
	}
	f.Again = e.Refused != ""
	f.Overtaken = f.Again && e.overtaken(all)
	f.Draft = f.Again && noLayout(e.Receipt)
	return err
}

// beforeText tells that a file was refused at first.
func beforeText(r *batch.Receipt, lang string) (string, error) {
	return text(lang, "said_before", "day", r.At.UTC().Format(time.DateOnly), "run", r.RunID)
}

// oneFindings are those of the receipt, or of the store where there is none.
func (s *Server) oneFindings(r *http.Request, f *oneForm, e entry, lang string) (err error) {
	receipt := e.Receipt
	if receipt == nil && e.Sub != nil {
		found, err := s.House.Review.Findings(r.Context(), e.Sub.ID)
		if err != nil {
			return err
		}
		receipt = &batch.Receipt{Receipt: &inbox.Receipt{Findings: found}}
	}
	if receipt == nil {
		return nil
	}
	f.Read, f.Persons = true, receipt.Persons
	f.Sheets, err = sheets(receipt, lang, false)
	return err
}

// differencesOf are the revisions that a submission made.
func differencesOf(st *Stored, id string) (all []store.Revision) {
	for _, x := range st.Revisions {
		if x.Submission == id {
			all = append(all, x)
		}
	}
	return all
}

func (s *Server) oneDifferences(r *http.Request, f *oneForm, id string, st *Stored, lang string) error {
	all := differencesOf(st, id)
	from, to, pages, err := pages(r, lang, len(all))
	if err != nil {
		return err
	}
	f.Pages = pages
	for _, x := range all[from:to] {
		row := differenceRow{Area: s.House.Area(x.RefArea, lang), Period: x.TimePeriod, About: s.House.Review.About(x.About, lang), Before: x.Before, After: x.After, Percent: percent(x), Cell: x.Cell}
		row.Record, row.Indicator = s.House.Review.Indicator(x.Indicator, lang)
		if row.Change, err = text(lang, changeText[x.Change]); err != nil {
			return err
		}
		f.Differences = append(f.Differences, row)
	}
	return nil
}

// changeText names what became of a figure.
var changeText = map[string]string{"changed": "change_changed", "new": "change_new", "gone": "change_gone"}

// percent is by how much a figure moved, as tipstat revisions prints it.
func percent(x store.Revision) string {
	if x.Percent == nil {
		return ""
	}
	return fmt.Sprintf("%+.1f", *x.Percent)
}

// differencesCSV gives all of them as a table.
func (s *Server) differencesCSV(w http.ResponseWriter, r *http.Request, p *page) error {
	e, _, st, err := s.entry(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	if e.Sub == nil {
		return errNotFound
	}
	rows := [][]string{{"submission_id", "change", "REF_AREA", "SOURCE_AGENCY", "INDICATOR", "about", "TIME_PERIOD", "before", "after", "percent", "cell"}}
	for _, x := range differencesOf(st, e.Sub.ID) {
		rows = append(rows, []string{x.Submission, x.Change, x.RefArea, x.SourceAgency, x.Indicator, x.About, x.TimePeriod, x.Before, x.After, percent(x), x.Cell})
	}
	return writeCSV(w, "differences-"+e.Sub.ID+".csv", rows)
}

// writeCSV answers with a table, of which no cell runs as a formula.
func writeCSV(w http.ResponseWriter, name string, rows [][]string) error {
	var b bytes.Buffer
	out := csv.NewWriter(&b)
	for _, row := range rows {
		for i, cell := range row {
			row[i] = record.Harmless(cell)
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	attach(w, name, "text/csv; charset=utf-8")
	_, _ = b.WriteTo(w) // nobody may be there to take it
	return nil
}

// decisionRows tell decisions in words.
func decisionRows(all []store.Decision, lang string) (rows []decisionRow, err error) {
	for _, d := range all {
		said, err := text(lang, "decided_"+string(d.Action))
		if err != nil {
			return nil, err
		}
		rows = append(rows, decisionRow{said, d.By, d.Reason, d.At})
	}
	return rows, nil
}

// decisions are the store's actions by the ends of the addresses of their forms, with what
// the audit log calls them.
var decisions = map[string]struct {
	action store.Action
	logged string
}{
	"confirm":  {store.Confirm, "submission.confirmed"},
	"withdraw": {store.Withdraw, "submission.withdrawn"},
	"restore":  {store.Restore, "submission.restored"},
}

// decide does what a form says about the submission of an entry.
func (s *Server) decide(w http.ResponseWriter, r *http.Request, p *page) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	what, ok := decisions[r.PathValue("decision")]
	if !ok {
		return errNotFound
	}
	e, _, _, err := s.entry(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	if e.Sub == nil || v.Get("seen") == "" {
		return errNotFound
	}
	by := p.session.Actor()
	d := store.Decision{Submission: e.Sub.ID, Action: what.action, Reason: v.Get("reason"), By: by.Account().Name}
	if err := s.House.Review.Decide(r.Context(), d, v.Get("seen")); err != nil {
		return s.onePage(w, r, p, err)
	}
	// It stands, even where the log can't be written; why is in the store alone.
	s.logged(r, by, what.logged, "submission:"+e.Sub.ID, "sha256="+e.SHA256)
	return s.away(w, r, reviewHref(e.ID))
}
