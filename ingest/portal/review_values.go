package portal

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"net/http"
	"slices"
	"strings"

	"github.com/oas/tipstat/ingest/batch"
	"github.com/oas/tipstat/ingest/inbox"
	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/record"
)

// unmapped is the code of a finding that a value has no code.
const unmapped = "TIP-V004"

// unknown are the codes of findings that no layout reads a file.
var unknown = []string{"TIP-L001", "TIP-L002", "TIP-L008"}

// proposed is how many codes are proposed for a value.
const proposed = 5

// firstCells is how many cells of a value are named for each file.
const firstCells = 4

type valuesForm struct {
	Values  []*valueRow
	Unshown []fileRow // whose values may not be shown
	Ready   []fileRow // of which all values have a code now
	Unknown []fileRow // that no layout knows
	Lists   []listRow
	Pages   pager
}

// valueRow is a value without a code, in all files that have it.
type valueRow struct {
	ID, List, ListName, Found string
	Layouts                   []string
	Count                     int
	Files                     []fileRow
	Proposals                 []named
}

type fileRow struct {
	Href, ID, FileName, State, Cells string
	Others                           int64 // errors of other kinds
	Overtaken, Inbox                 bool
}

// listRow has all codes of a list, for who means none of the proposed ones.
type listRow struct {
	ID    string
	Codes []named
}

// mappable tells whether a finding is of a value that may be given a code here: the text
// stands there whole, and a code list is meant.
func mappable(f record.Finding, codes *codelist.Set) bool {
	_, ok := codes.List(f.Expected)
	return f.Code == unmapped && ok && f.Found != "" && !strings.Contains(f.Found, record.Unquoted)
}

// stands tells whether a value has a code by now.
func stands(f record.Finding, codes *codelist.Set) bool {
	_, ok := codes.Lookup(f.Expected, f.Found, 0)
	return ok
}

func noLayout(r *batch.Receipt) bool {
	return r != nil && slices.ContainsFunc(r.Findings, func(f record.Finding) bool { return slices.Contains(unknown, f.Code) })
}

func (s *Server) values(w http.ResponseWriter, r *http.Request, p *page) error {
	return s.valuesPage(w, r, p, nil)
}

// valuesPage shows what refused files wait for: values without a code, and layouts.
func (s *Server) valuesPage(w http.ResponseWriter, r *http.Request, p *page, problem error) error {
	all, _, err := s.entries(r.Context())
	if err != nil {
		return err
	}
	codes, err := s.House.Review.Codes()
	if err != nil {
		return err
	}
	f := valuesForm{}
	for _, e := range all {
		if e.Outcome == inbox.Refused && e.Refused != "" {
			if err := s.waitsFor(&f, e, all, codes, p.Lang); err != nil {
				return err
			}
		}
	}
	slices.SortStableFunc(f.Values, func(a, b *valueRow) int {
		return cmp.Or(cmp.Compare(a.ListName, b.ListName), cmp.Compare(b.Count, a.Count), cmp.Compare(a.Found, b.Found))
	})
	from, to, pages, err := pages(r, p.Lang, len(f.Values))
	if err != nil {
		return err
	}
	f.Values, f.Pages = f.Values[from:to], pages
	for _, v := range f.Values {
		list, _ := codes.List(v.List)
		for _, code := range codes.Propose(v.List, v.Found, proposed) {
			v.Proposals = append(v.Proposals, codeOf(list, code, p.Lang))
		}
		if !slices.ContainsFunc(f.Lists, func(l listRow) bool { return l.ID == v.List }) {
			row := listRow{ID: v.List}
			for _, c := range list.Codes() {
				row.Codes = append(row.Codes, named{c.ID, c.Name[p.Lang]})
			}
			f.Lists = append(f.Lists, row)
		}
	}
	p.Form = f
	if err := p.title("values", "nav_values"); err != nil {
		return err
	}
	if problem != nil {
		return s.again(w, r, p, problem)
	}
	return s.show(w, r, p)
}

func codeOf(list *codelist.List, code, lang string) named {
	if c, ok := list.Code(code); ok {
		return named{code, c.Name[lang]}
	}
	return named{code, code}
}

// waitsFor puts a refused file where it belongs.
func (s *Server) waitsFor(f *valuesForm, e entry, all []entry, codes *codelist.Set, lang string) error {
	row := fileRow{Href: reviewHref(e.ID), ID: e.ID, FileName: e.FileName, Inbox: e.Upload == nil, Overtaken: e.overtaken(all)}
	var err error
	if row.State, err = s.areaOf(e, lang); err != nil {
		return err
	}
	open, had, hidden := 0, 0, false
	for _, x := range e.Receipt.Findings {
		switch {
		case x.Code != unmapped:
			if x.Severity == record.Error {
				row.Others++
			}
		case !mappable(x, codes):
			hidden = true
		case stands(x, codes):
			had++
		default:
			open++
			value := f.value(x, e, lang, s)
			at := row
			at.Cells = cellsOf(x)
			value.Files = append(value.Files, at)
			value.Count += max(1, x.Count)
		}
	}
	switch {
	case noLayout(e.Receipt):
		f.Unknown = append(f.Unknown, row)
	case hidden:
		f.Unshown = append(f.Unshown, row)
	case open == 0 && had > 0:
		f.Ready = append(f.Ready, row)
	}
	return nil
}

// value gives the row of a value.
func (f *valuesForm) value(x record.Finding, e entry, lang string, s *Server) *valueRow {
	i := slices.IndexFunc(f.Values, func(v *valueRow) bool {
		return v.List == x.Expected && codelist.Normalise(v.Found) == codelist.Normalise(x.Found)
	})
	if i < 0 {
		i = len(f.Values)
		sum := sha256.Sum256([]byte(x.Expected + "\n" + x.Found))
		f.Values = append(f.Values, &valueRow{ID: hex.EncodeToString(sum[:6]), List: x.Expected, ListName: x.Expected, Found: x.Found})
	}
	v := f.Values[i]
	if l := e.Receipt.Layout; l != "" && !slices.Contains(v.Layouts, l) {
		v.Layouts = append(v.Layouts, l)
	}
	return v
}

// cellsOf names the first cells of a finding.
func cellsOf(x record.Finding) string {
	cells := x.Cells
	if len(cells) == 0 && x.Subject.Cell != "" {
		cells = []string{x.Subject.Cell}
	}
	more := ""
	if len(cells) > firstCells || x.Count > len(cells) {
		more = " …"
	}
	at := strings.Join(cells[:min(len(cells), firstCells)], ", ") + more
	if x.Subject.Sheet != "" {
		return x.Subject.Sheet + ": " + at
	}
	return at
}

// mapValue gives a value that a refused file has the code that a statistician confirms.
func (s *Server) mapValue(w http.ResponseWriter, r *http.Request, p *page) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	list, found, code := v.Get("list"), v.Get("found"), strings.TrimSpace(v.Get("other"))
	if code == "" {
		code = v.Get("code")
	}
	codes, err := s.House.Review.Codes()
	if err != nil {
		return err
	}
	all, _, err := s.entries(r.Context())
	if err != nil {
		return err
	}
	waits := slices.ContainsFunc(all, func(e entry) bool {
		return e.Refused != "" && slices.ContainsFunc(e.Receipt.Findings, func(x record.Finding) bool {
			return mappable(x, codes) && x.Expected == list && x.Found == found
		})
	})
	l, ok := codes.List(list)
	if !waits || !ok {
		return s.valuesPage(w, r, p, ErrMapping) // nothing else is written into the vocabulary from here
	}
	if _, ok := l.Code(code); !ok {
		return s.valuesPage(w, r, p, ErrMapping)
	}
	by := p.session.Actor()
	if err := s.House.Review.Map(list, found, code, by.Account().Name); err != nil {
		return s.valuesPage(w, r, p, err)
	}
	s.logged(r, by, "value.mapped", "code:"+list+"."+code)
	return s.away(w, r, "/review/values")
}

// readAgain puts a refused file back into the inbox.
func (s *Server) readAgain(w http.ResponseWriter, r *http.Request, p *page) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	e, all, _, err := s.entry(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	switch {
	case e.Refused == "":
		return s.onePage(w, r, p, errGoneOn)
	case e.overtaken(all) && v.Get("overtake") == "":
		return s.onePage(w, r, p, errOvertaken)
	}
	err = batch.Again(s.Desk.Refused, s.Desk.Inbox, e.Refused)
	if errors.Is(err, fs.ErrExist) || errors.Is(err, fs.ErrNotExist) { // another has done so
		return s.onePage(w, r, p, errGoneOn)
	}
	if err != nil {
		return err
	}
	s.House.Came()
	subject, detail := "file:"+e.ID, []string{"sha256=" + e.SHA256}
	if e.Upload != nil {
		subject, detail = e.Upload.Logged()
	}
	s.logged(r, p.session.Actor(), "submission.read-again", subject, detail...)
	if e.Upload == nil { // it is nowhere until a run has read it
		return s.away(w, r, "/review/values")
	}
	return s.away(w, r, reviewHref(e.ID))
}

// draft gives a layout to begin with, of a file that none knows.
func (s *Server) draft(w http.ResponseWriter, r *http.Request, p *page) error {
	e, _, _, err := s.entry(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	if e.Refused == "" || !noLayout(e.Receipt) {
		return errNotFound
	}
	b, err := s.House.Review.Draft(r.Context(), e.File)
	if err != nil {
		return err
	}
	attach(w, "layout-"+e.SHA256[:12]+".yaml", "application/yaml; charset=utf-8")
	_, _ = w.Write(b) // nobody may be there to take it
	return nil
}
