package portal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/oas/tipstat/ingest/batch"
	"github.com/oas/tipstat/ingest/inbox"
	"github.com/oas/tipstat/ingest/portal/access"
	"github.com/oas/tipstat/ingest/portal/upload"
	"github.com/oas/tipstat/ingest/review"
	"github.com/oas/tipstat/transform/record"
)

type sendForm struct {
	Period, Label string
	Size          int64 // megabytes
	All           bool  // of all States
	Uploads       []uploadRow
	Submissions   []submissionRow
}

type uploadRow struct {
	Href, State, FileName, Outcome, OutcomeText string
	ReceivedAt                                  time.Time
	Findings                                    int
}

type submissionRow struct {
	ID, FileName, Record, Standing, Reason string
	ReceivedAt                             time.Time
}

func href(u upload.Upload) string { return "/uploads/" + u.RefArea + "/" + u.ID }

// uploads is a ministry's desk, or what all States have sent.
func (s *Server) uploads(w http.ResponseWriter, r *http.Request, p *page) error {
	return s.uploadsPage(w, r, p, nil)
}

func (s *Server) uploadsPage(w http.ResponseWriter, r *http.Request, p *page, problem error) error {
	f := sendForm{Size: s.Desk.MaxBytes() >> 20, Period: strconv.Itoa(s.Now().Year() - 1), All: p.Account.RefArea == ""}
	areas := []string{p.Account.RefArea}
	name, key := "send", "nav_send"
	var err error
	if f.All {
		name, key = "received", "received_all"
		if areas, err = s.Desk.States(); err != nil {
			return err
		}
		f.Label, err = text(p.Lang, key)
	} else {
		f.Label, err = text(p.Lang, "received_title", "state", s.House.Area(p.Account.RefArea, p.Lang))
	}
	if err != nil {
		return err
	}
	for _, area := range areas {
		rows, err := s.rows(area, p.Lang)
		if err != nil {
			return err
		}
		f.Uploads = append(f.Uploads, rows...)
	}
	if !f.All {
		if f.Submissions, err = s.submissions(r.Context(), p.Account.RefArea, p.Lang); err != nil {
			return err
		}
	}
	p.Form = f
	if err := p.title(name, key); err != nil {
		return err
	}
	if problem != nil {
		return s.again(w, r, p, problem)
	}
	return s.show(w, r, p)
}

// rows are the uploads of a State, the newest first.
func (s *Server) rows(area, lang string) (rows []uploadRow, err error) {
	all, err := s.Desk.List(area)
	if err != nil {
		return nil, err
	}
	for _, u := range all {
		st, err := s.Desk.Status(u)
		if err != nil {
			return nil, err
		}
		row := uploadRow{Href: href(u), State: s.House.Area(area, lang), FileName: u.FileName, Outcome: st.Outcome, ReceivedAt: u.ReceivedAt}
		if st.Receipt != nil {
			row.Findings = len(st.Receipt.Findings)
		}
		if row.OutcomeText, err = text(lang, "outcome_"+st.Outcome); err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// submissions are what of a State is in the store, the newest first.
func (s *Server) submissions(ctx context.Context, area, lang string) (rows []submissionRow, err error) {
	all, err := s.House.Submissions(ctx, area)
	if err != nil {
		return nil, err
	}
	for i := len(all) - 1; i >= 0; i-- {
		sub := all[i]
		row := submissionRow{ID: sub.ID, FileName: sub.FileName, Record: s.House.Record(sub.Record, lang), ReceivedAt: sub.ReceivedAt}
		if row.Standing, err = text(lang, "standing_"+sub.Outcome); err != nil {
			return nil, err
		}
		if n := len(sub.Decisions); n > 0 && sub.Outcome == "withdrawn" {
			row.Reason = sub.Decisions[n-1].Reason
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func (s *Server) template(w http.ResponseWriter, r *http.Request, p *page) error {
	year, err := strconv.Atoi(r.URL.Query().Get("period"))
	lang := r.URL.Query().Get("form_lang")
	if err != nil || year < 1990 || year > s.Now().Year() || p.Account.RefArea == "" {
		return errForm
	}
	if _, err := text(lang, "site"); err != nil {
		lang = p.Lang
	}
	name, b, err := s.House.Form(r.Context(), p.Account.RefArea, year, lang)
	if err != nil {
		return err
	}
	attach(w, name, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	_, _ = w.Write(b) // nobody may be there to take it
	return nil
}

// attach makes the answer a download of a name.
func attach(w http.ResponseWriter, name, kind string) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
}

// At most so many files come in one form; a slow line has idleTime to send anything more,
// maxTime for all of it, and answerTime to take the answer.
const (
	maxFiles   = 20
	idleTime   = 2 * time.Minute
	maxTime    = 6 * time.Hour
	answerTime = time.Minute
)

// slow reads a body from a line that may be slow, and not dead. The time in which the answer
// is to be written counts from the last byte that came.
type slow struct {
	r     io.Reader
	line  *http.ResponseController
	until time.Time
}

func (s slow) Read(p []byte) (int, error) {
	now := time.Now() // of the line, not of the records
	if now.After(s.until) {
		return 0, context.DeadlineExceeded
	}
	err := errors.Join(s.line.SetReadDeadline(now.Add(idleTime)), s.line.SetWriteDeadline(now.Add(idleTime+answerTime)))
	if err != nil && !errors.Is(err, http.ErrNotSupported) {
		return 0, err
	}
	return s.r.Read(p)
}

// receive streams the files of a form to the desk. Where one fails after others came the
// error says so.
func (s *Server) receive(w http.ResponseWriter, r *http.Request, from upload.Sender, by access.Actor) (all []upload.Upload, err error) {
	defer func() {
		if err != nil && len(all) > 0 {
			err = partial{len(all), err}
		}
	}()
	r.Body = http.MaxBytesReader(w, r.Body, maxFiles*s.Desk.MaxBytes())
	r.Body = io.NopCloser(slow{r.Body, http.NewResponseController(w), time.Now().Add(maxTime)})
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, errForm
	}
	for n := 0; ; n++ {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil || n >= maxFiles {
			return all, errForm
		}
		if part.FormName() != "file" || part.FileName() == "" {
			continue
		}
		u, err := s.Desk.Receive(r.Context(), from, part.FileName(), part)
		if err != nil {
			return all, err
		}
		all = append(all, u)
		s.House.Came()
		s.record(r, by, "upload.received", u)
	}
	if len(all) == 0 {
		return nil, upload.ErrEmpty
	}
	return all, nil
}

// record writes to the audit log what lies in the inbox already: it stands, even where the
// log can't be written.
func (s *Server) record(r *http.Request, by access.Actor, action string, u upload.Upload) {
	subject, detail := u.Logged()
	s.logged(r, by, action, subject, detail...)
}

// logged writes to the audit log what is done already.
func (s *Server) logged(r *http.Request, by access.Actor, action, subject string, detail ...string) {
	err := s.Access.Record(context.WithoutCancel(r.Context()), by, action, subject, detail...)
	if err != nil {
		s.Log.Error("audit log", "action", action, "error", err.Error())
	}
}

func (s *Server) send(w http.ResponseWriter, r *http.Request, p *page) error {
	if p.Account.RefArea == "" {
		return access.ErrForbidden // files of several States come by the inbox
	}
	all, err := s.receive(w, r, upload.Sender{RefArea: p.Account.RefArea, Account: p.Account.Name}, p.session.Actor())
	switch {
	case err != nil && wantsJSON(r):
		return err
	case err != nil:
		return s.uploadsPage(w, r, p, err)
	case len(all) == 1:
		return s.away(w, r, href(all[0]))
	}
	return s.away(w, r, "/uploads")
}

// find gives an upload that the account may see.
func (s *Server) find(r *http.Request, by access.Actor) (u upload.Upload, st upload.Status, err error) {
	area := r.PathValue("area")
	if !by.May(access.SeeSubmission, area) {
		return u, st, errNotFound // whether there is one is not told either
	}
	if u, err = s.Desk.Upload(area, r.PathValue("id")); err != nil {
		return u, st, err
	}
	st, err = s.Desk.Status(u)
	return u, st, err
}

func (s *Server) review(w http.ResponseWriter, r *http.Request, p *page) error {
	_, st, err := s.find(r, p.session.Actor())
	if err != nil {
		return err
	}
	if st.Review == "" {
		return errNotFound
	}
	f, err := os.Open(st.Review)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	attach(w, filepath.Base(st.Review), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	_, _ = io.Copy(w, f) // nobody may be there to take it
	return nil
}

// receiptJSON is what a machine is told of an upload.
type receiptJSON struct {
	upload.Upload
	Outcome  string         `json:"outcome"`
	Ahead    int            `json:"ahead,omitempty"`
	Location string         `json:"location"`
	Receipt  *batch.Receipt `json:"receipt,omitempty"`
	Texts    []findingJSON  `json:"texts,omitempty"`
	// What was decided about its figures since they were accepted.
	Withdrawn bool          `json:"withdrawn,omitempty"`
	Decisions []decidedJSON `json:"decisions,omitempty"`
}

// findingJSON is a finding in the words of the language that was asked for.
type findingJSON struct {
	Code    string `json:"code"`
	Place   string `json:"place"`
	Message string `json:"message"`
	Hint    string `json:"hint"`
}

// receiptOf gives it; root is where the addresses of who asks begin.
func (s *Server) receiptOf(u upload.Upload, st upload.Status, root, lang string) receiptJSON {
	out := receiptJSON{Upload: u, Outcome: st.Outcome, Ahead: st.Ahead, Location: s.Address + root + href(u), Receipt: st.Receipt}
	if st.Receipt != nil {
		for _, f := range st.Receipt.Findings {
			out.Texts = append(out.Texts, findingJSON{f.Code, f.Subject.String(), f.Message(lang), f.Hint(lang)})
		}
	}
	return out
}

func (s *Server) receipt(w http.ResponseWriter, r *http.Request, p *page) error {
	u, st, err := s.find(r, p.session.Actor())
	if err == nil {
		st.Ahead, err = s.Desk.Ahead(u, st)
	}
	if err != nil {
		return err
	}
	return s.answerReceipt(w, r, s.receiptOf(u, st, "", p.Lang))
}

// answer sends a file again with what was written beside its findings.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, p *page) error {
	v, err := formOf(w, r, maxAnswers)
	if err != nil {
		return err
	}
	u, st, err := s.find(r, p.session.Actor())
	if err != nil {
		return err
	}
	if st.Receipt == nil || st.Receipt.Persons || st.File == "" || u.RefArea != p.Account.RefArea {
		return errNotFound
	}
	findings, answers := st.Receipt.Findings, 0
	for i := range findings {
		said := strings.TrimSpace(v.Get(askName(i)))
		if said != "" && mayAnswer(findings[i]) {
			findings[i].Explanation = said
			answers++
		}
	}
	if answers == 0 {
		return errAnswers
	}
	if err := s.Desk.Within(u.RefArea); err != nil {
		return err
	}
	s.marking.Lock() // one workbook in memory at a time
	defer s.marking.Unlock()
	file, err := os.Open(st.File)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := review.Write(r.Context(), &b, file, info.Size(), st.Receipt.File, findings, p.Lang); err != nil {
		return err
	}
	stem := strings.TrimSuffix(u.FileName, filepath.Ext(u.FileName))
	again, err := s.Desk.Receive(r.Context(), upload.Sender{RefArea: u.RefArea, Account: p.Account.Name}, stem+".xlsx", &b)
	if err != nil {
		return err
	}
	s.House.Came()
	s.record(r, p.session.Actor(), "upload.answered", again)
	return s.away(w, r, href(again))
}

func askName(i int) string { return fmt.Sprintf("answer-%d", i) }

// mayAnswer tells whether a finding is one to which the sender may say why it is right.
func mayAnswer(f record.Finding) bool {
	return f.Severity == record.Warning && f.Explanation == ""
}

// outcomeText is what a verdict means.
var outcomeText = map[string]string{inbox.Accepted: "said_accepted", inbox.Refused: "said_refused", inbox.Already: "said_already"}
