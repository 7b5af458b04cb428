package portal

import (
	"net/http"
	"time"

	"github.com/oas/tipstat/ingest/batch"
	"github.com/oas/tipstat/ingest/inbox"
	"github.com/oas/tipstat/ingest/portal/upload"
)

type uploadForm struct {
	FileName, State, Sender, SHA256, Submission, Layout string
	Outcome, OutcomeText, Said, SaidPersons, Before     string
	Review, Receipt, Answers                            string // addresses
	ReceivedAt                                          time.Time
	Bytes, Rows                                         int64
	Persons, Read, Ask, May                             bool
	Sheets                                              []sheetFindings
	Decisions                                           []decisionRow
}

// sheetFindings are the findings of a sheet, in the order of its cells.
type sheetFindings struct {
	Name     string
	Findings []findingRow
}

type findingRow struct{ Cell, Severity, Kind, Code, Message, Hint, Explanation, Ask string }

// lookAgain is after how many seconds the page of a file that waits looks again.
const lookAgain = 3

func (s *Server) upload(w http.ResponseWriter, r *http.Request, p *page) error {
	u, st, err := s.find(r, p.session.Actor())
	if err != nil {
		return err
	}
	f := uploadForm{FileName: u.FileName, State: s.House.Area(u.RefArea, p.Lang), Sender: u.Account, SHA256: u.SHA256, ReceivedAt: u.ReceivedAt, Bytes: u.Bytes,
		Outcome: st.Outcome, Receipt: href(u) + "/receipt.json", Answers: href(u) + "/answers", May: u.RefArea == p.Account.RefArea}
	if f.OutcomeText, err = text(p.Lang, "outcome_"+st.Outcome); err != nil {
		return err
	}
	switch {
	case st.Outcome == upload.Waiting:
		p.Again = lookAgain
		if st.Ahead, err = s.Desk.Ahead(u, st); err != nil {
			return err
		}
		f.Said, err = text(p.Lang, "ahead", "count", st.Ahead)
	case outcomeText[st.Outcome] != "":
		f.Said, err = text(p.Lang, outcomeText[st.Outcome])
	}
	if err == nil {
		err = s.uploadDecided(r, &f, u, st, p.Lang)
	}
	if err != nil {
		return err
	}
	if st.Review != "" {
		f.Review = href(u) + "/review"
	}
	if st.Receipt != nil {
		f.Read, f.Persons, f.Rows = true, st.Receipt.Persons, st.Receipt.Rows
		if f.Persons {
			key := "said_dropped"
			if st.Outcome == inbox.Refused {
				key = "said_persons"
			}
			if f.SaidPersons, err = text(p.Lang, key); err != nil {
				return err
			}
		}
		f.Submission, f.Layout = st.Receipt.SubmissionID, st.Receipt.Layout
		if f.Sheets, err = sheets(st.Receipt, p.Lang, f.May && !f.Persons); err != nil {
			return err
		}
		for _, sh := range f.Sheets {
			for _, row := range sh.Findings {
				f.Ask = f.Ask || row.Ask != ""
			}
		}
	}
	p.Form = f
	if err := p.title("upload", "site"); err != nil {
		return err
	}
	p.Title = u.FileName
	return s.show(w, r, p)
}

// uploadDecided says what was decided about the figures of a file, and that it was refused at
// first.
func (s *Server) uploadDecided(r *http.Request, f *uploadForm, u upload.Upload, st upload.Status, lang string) error {
	if st.Before != nil {
		said, err := beforeText(st.Before, lang)
		if err != nil {
			return err
		}
		f.Before = said
	}
	if st.Outcome != inbox.Accepted && st.Outcome != inbox.Already {
		return nil
	}
	all, withdrawn, err := s.decided(r.Context(), u)
	if err != nil {
		return err
	}
	if withdrawn {
		if f.Said, err = text(lang, "said_withdrawn"); err == nil {
			f.OutcomeText, err = text(lang, "standing_withdrawn")
		}
		f.Outcome = "withdrawn"
	}
	if err != nil {
		return err
	}
	f.Decisions, err = decisionRows(all, lang)
	for i := range f.Decisions {
		f.Decisions[i].By = "" // a ministry deals with an office
	}
	return err
}

// sheets puts the findings of a receipt by sheet, in their order.
func sheets(receipt *batch.Receipt, lang string, ask bool) (all []sheetFindings, err error) {
	at := map[string]int{}
	for i, f := range receipt.Findings {
		n, ok := at[f.Subject.Sheet]
		if !ok {
			n = len(all)
			at[f.Subject.Sheet] = n
			name := ""
			if f.Subject.Sheet == "" {
				name, err = text(lang, "whole_file")
			} else {
				name, err = text(lang, "sheet", "sheet", f.Subject.Sheet)
			}
			if err != nil {
				return nil, err
			}
			all = append(all, sheetFindings{Name: name})
		}
		cell := f.Subject.Cell
		if cell == "" {
			if cell, err = text(lang, "whole_file"); err != nil {
				return nil, err
			}
		}
		row := findingRow{Cell: cell, Severity: string(f.Severity), Kind: f.Severity.Name(lang), Code: f.Code, Message: f.Message(lang), Hint: f.Hint(lang), Explanation: f.Explanation}
		if ask && mayAnswer(f) {
			row.Ask = askName(i)
		}
		all[n].Findings = append(all[n].Findings, row)
	}
	return all, nil
}
