package portal

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// pageRows is how many rows a page of the statistician shows.
const pageRows = 50

type queueForm struct {
	States    []named
	Outcomes  []named
	State     string
	Outcome   string
	Unseen    bool
	Entries   []queueRow
	Pages     pager
	Count     int
	CountText string
}

type queueRow struct {
	Href, State, FileName, Sender, Standing, StandingText string
	At                                                    time.Time
	Errors, Warnings                                      int64
	Moved                                                 int
	Unseen                                                bool
}

// pager leads to the pages before and after.
type pager struct{ Said, Before, After string }

// pages cuts a list of n rows into pages, and gives where the page asked for begins and ends.
func pages(r *http.Request, lang string, n int) (from, to int, p pager, err error) {
	last := max(1, (n+pageRows-1)/pageRows)
	at, bad := strconv.Atoi(r.URL.Query().Get("page"))
	if bad != nil || at < 1 {
		at = 1
	}
	at = min(at, last)
	link := func(page int) string {
		q := r.URL.Query()
		q.Set("page", strconv.Itoa(page))
		return r.URL.Path + "?" + q.Encode()
	}
	if at > 1 {
		p.Before = link(at - 1)
	}
	if at < last {
		p.After = link(at + 1)
	}
	if last > 1 {
		p.Said, err = text(lang, "page_of", "page", at, "pages", last)
	}
	return (at - 1) * pageRows, min(n, at*pageRows), p, err
}

// queue shows what came, the newest first.
func (s *Server) queue(w http.ResponseWriter, r *http.Request, p *page) error {
	all, _, err := s.entries(r.Context())
	if err != nil {
		return err
	}
	q := r.URL.Query()
	f := queueForm{State: q.Get("state"), Outcome: q.Get("outcome"), Unseen: q.Get("unseen") != ""}
	for _, e := range all {
		for _, area := range e.Areas {
			if len(e.Areas) < 4 && !slices.ContainsFunc(f.States, func(n named) bool { return n.ID == area }) {
				f.States = append(f.States, named{area, s.House.Area(area, p.Lang)})
			}
		}
	}
	slices.SortFunc(f.States, func(a, b named) int { return strings.Compare(a.Name, b.Name) })
	for _, o := range standings {
		name, err := standingText(p.Lang, o)
		if err != nil {
			return err
		}
		f.Outcomes = append(f.Outcomes, named{o, name})
	}
	all = slices.DeleteFunc(all, func(e entry) bool {
		return !e.about(f.State) || f.Outcome != "" && e.standing() != f.Outcome || f.Unseen && !e.unseen()
	})
	f.Count = len(all)
	if f.CountText, err = text(p.Lang, "review_count", "count", len(all)); err != nil {
		return err
	}
	from, to, pages, err := pages(r, p.Lang, len(all))
	if err != nil {
		return err
	}
	f.Pages = pages
	for _, e := range all[from:to] {
		row, err := s.queueRow(e, p.Lang)
		if err != nil {
			return err
		}
		f.Entries = append(f.Entries, row)
	}
	p.Form = f
	if err := p.title("review", "nav_review"); err != nil {
		return err
	}
	return s.show(w, r, p)
}

func (s *Server) queueRow(e entry, lang string) (row queueRow, err error) {
	row = queueRow{Href: reviewHref(e.ID), FileName: e.FileName, Sender: e.Sender, At: e.At, Standing: e.standing(), Moved: e.Moved, Unseen: e.unseen()}
	row.Errors, row.Warnings = e.counted()
	if row.State, err = s.areaOf(e, lang); err != nil {
		return row, err
	}
	if row.Sender == "" {
		if row.Sender, err = text(lang, "review_inbox"); err != nil {
			return row, err
		}
	}
	row.StandingText, err = standingText(lang, row.Standing)
	return row, err
}

func reviewHref(id string) string { return "/review/" + url.PathEscape(id) }

// standingText names where an entry stands.
func standingText(lang, standing string) (string, error) {
	if slices.Contains([]string{"superseded", "withdrawn", "confirmed"}, standing) {
		return text(lang, "standing_"+standing)
	}
	return text(lang, "outcome_"+standing)
}
