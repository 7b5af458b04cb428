package portal

import (
	"archive/zip"
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"github.com/oas/tipstat/ingest/inbox"
	"github.com/oas/tipstat/ingest/portal/upload"
	"github.com/oas/tipstat/transform/store"
)

type collectionForm struct {
	Year, Said       string
	Before, After    int
	Records          []string
	Rows             []collectionRow
	Sent             []int
	Missing          []string // States that have sent nothing
	CSV, Zip         string
	Reminded         int
	AllRows, AllSent int
}

type collectionRow struct {
	State string
	Cells []collectionCell
	Last  *queueRow
}

// collectionCell is one kind of record of one State, as words; Sign is beside them.
type collectionCell struct{ Kind, Sign, Text, Href string }

// firstYear bounds the years that are asked for.
const firstYear = 1990

// yearOf is the year of a page: last year, unless another is asked for.
func (s *Server) yearOf(r *http.Request) (int, error) {
	asked := r.URL.Query().Get("year")
	if asked == "" {
		return s.Now().Year() - 1, nil
	}
	year, err := strconv.Atoi(asked)
	if err != nil || year < firstYear || year > s.Now().Year() {
		return 0, errForm
	}
	return year, nil
}

// collectionOf gives the grid of the year asked for, with what came last of each State.
func (s *Server) collectionOf(r *http.Request) (g store.Collection, last map[string]entry, href map[string]string, err error) {
	year, err := s.yearOf(r)
	if err != nil {
		return g, nil, nil, err
	}
	all, _, err := s.entries(r.Context())
	if err != nil {
		return g, nil, nil, err
	}
	last, href = map[string]entry{}, map[string]string{}
	for _, e := range all { // the newest first
		for _, reading := range e.Readings {
			if _, ok := href[reading.ID]; !ok {
				href[reading.ID] = reviewHref(e.ID)
			}
		}
		if len(e.Areas) == 1 {
			if _, ok := last[e.Areas[0]]; !ok {
				last[e.Areas[0]] = e
			}
		}
	}
	g, err = s.House.Review.Collection(r.Context(), year)
	return g, last, href, err
}

// collection shows who has sent what of a year.
func (s *Server) collection(w http.ResponseWriter, r *http.Request, p *page) error {
	g, last, href, err := s.collectionOf(r)
	if err != nil {
		return err
	}
	year := strconv.Itoa(g.Year)
	f := collectionForm{Year: year, Before: g.Year - 1, Sent: g.Sent, AllRows: len(g.Rows), AllSent: g.All, CSV: "/review/collection.csv?year=" + year, Zip: "/review/reminders.zip?year=" + year}
	if g.Year < s.Now().Year() {
		f.After = g.Year + 1
	}
	order := collate.New(language.MustParse(p.Lang)) // as a reader looks for a name
	for _, kind := range g.Records {
		f.Records = append(f.Records, s.House.Record(kind, p.Lang))
	}
	for _, row := range g.Rows {
		out := collectionRow{State: s.House.Area(row.RefArea, p.Lang)}
		for _, c := range row.Cells {
			cell, err := collectionText(c, href, p.Lang)
			if err != nil {
				return err
			}
			out.Cells = append(out.Cells, cell)
		}
		if e, ok := last[row.RefArea]; ok {
			q, err := s.queueRow(e, p.Lang)
			if err != nil {
				return err
			}
			out.Last = &q
		}
		if row.Sent() == 0 {
			f.Missing = append(f.Missing, out.State)
		}
		if s.lacks(g, row) {
			f.Reminded++
		}
		f.Rows = append(f.Rows, out)
	}
	slices.SortFunc(f.Rows, func(a, b collectionRow) int { return order.CompareString(a.State, b.State) })
	slices.SortFunc(f.Missing, order.CompareString)
	if f.Said, err = text(p.Lang, "collection_said", "year", year, "sent", g.All, "all", len(g.Rows)); err != nil {
		return err
	}
	p.Form = f
	if err := p.title("collection", "nav_collection"); err != nil {
		return err
	}
	return s.show(w, r, p)
}

// cellKind says what a cell of the grid means: own figures, none but signs in their place,
// another's collection, nothing.
func cellKind(c *store.Collected) (kind, sign string) {
	switch {
	case c == nil:
		return "none", "–"
	case !c.Own:
		return "other", "○"
	case c.Told == 0:
		return "blank", "∅"
	}
	return "own", "✓"
}

// lacks tells whether a State is to be reminded.
func (s *Server) lacks(g store.Collection, row store.CollectionRow) bool {
	return row.Sent() < len(g.Records) && s.House.Review.Reminded(row.RefArea)
}

func collectionText(c *store.Collected, href map[string]string, lang string) (cell collectionCell, err error) {
	cell.Kind, cell.Sign = cellKind(c)
	count := int64(0)
	if c != nil {
		count, cell.Href = c.Told, href[c.Submission]
	}
	cell.Text, err = text(lang, "cell_"+cell.Kind, "count", count)
	return cell, err
}

// collectionCSV gives the grid as a table.
func (s *Server) collectionCSV(w http.ResponseWriter, r *http.Request, _ *page) error {
	g, last, _, err := s.collectionOf(r)
	if err != nil {
		return err
	}
	rows := [][]string{{"TIME_PERIOD", "REF_AREA", "record", "standing", "figures", "with_figure", "files", "submission_id", "received_at", "last_outcome"}}
	for _, row := range g.Rows {
		outcome := ""
		if e, ok := last[row.RefArea]; ok {
			outcome = e.standing()
		}
		for i, c := range row.Cells {
			kind, _ := cellKind(c)
			line := []string{strconv.Itoa(g.Year), row.RefArea, g.Records[i], kind}
			if c == nil {
				line = append(line, "0", "0", "0", "", "", outcome)
			} else {
				line = append(line, fmt.Sprint(c.Figures), fmt.Sprint(c.Told), fmt.Sprint(c.Files), c.Submission, c.ReceivedAt.UTC().Format(time.RFC3339), outcome)
			}
			rows = append(rows, line)
		}
	}
	return writeCSV(w, fmt.Sprintf("collection-%d.csv", g.Year), rows)
}

// reminders gives a text for each State that has not sent all kinds of record, in its
// language: plain text, since it goes into a note of the organization or a mail. The same
// store gives the same bytes.
func (s *Server) reminders(w http.ResponseWriter, r *http.Request, p *page) error {
	g, last, _, err := s.collectionOf(r)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, row := range g.Rows {
		if !s.lacks(g, row) {
			continue
		}
		lang, err := s.House.Review.Lang(r.Context(), row.RefArea)
		if err != nil {
			return err
		}
		var refused *entry
		if e, ok := last[row.RefArea]; ok && (e.Outcome == inbox.Refused || e.Outcome == upload.Waiting) {
			refused = &e
		}
		said, err := s.reminder(g, row, refused, lang)
		if err != nil {
			return err
		}
		f, err := z.Create(fmt.Sprintf("%s-%d-%s.txt", row.RefArea, g.Year, lang))
		if err == nil {
			_, err = f.Write([]byte(strings.ReplaceAll(said, "\n", "\r\n"))) // mail programs of Windows
		}
		if err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return err
	}
	s.logged(r, p.session.Actor(), "collection.reminders", "year:"+strconv.Itoa(g.Year))
	attach(w, fmt.Sprintf("reminders-%d.zip", g.Year), "application/zip")
	_, _ = b.WriteTo(w) // nobody may be there to take it
	return nil
}

// reminder is the text for one State. open is the file that was refused, or waits, last.
func (s *Server) reminder(g store.Collection, row store.CollectionRow, open *entry, lang string) (string, error) {
	have, missing := "", ""
	for i, c := range row.Cells {
		line := "- " + s.House.Record(g.Records[i], lang) + "\n"
		if c != nil && c.Own {
			have += line
		} else {
			missing += line
		}
	}
	put := []any{"state", s.House.Area(row.RefArea, lang), "year", g.Year, "missing", missing, "have", have, "address", s.Address}
	if open != nil {
		put = append(put, "file", open.FileName, "day", open.At.UTC().Format(time.DateOnly))
	}
	parts := []string{"reminder_head"}
	if have != "" {
		parts = append(parts, "reminder_have")
	}
	parts = append(parts, "reminder_missing")
	if open != nil && open.Outcome == inbox.Refused {
		parts = append(parts, "reminder_refused")
	}
	parts = append(parts, "reminder_end")
	var b strings.Builder
	for _, key := range parts {
		said, err := text(lang, key, put...)
		if err != nil {
			return "", err
		}
		b.WriteString(strings.TrimRight(said, "\n") + "\n\n")
	}
	return strings.TrimRight(b.String(), "\n") + "\n", nil
}
