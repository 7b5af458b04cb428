package portal

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/klauspost/compress/gzhttp"

	"github.com/oas/tipstat/ingest/portal/access"
)

// tablesRoutes are the pages of tables. They, and nothing that holds a secret, are sent
// compressed: who listens can tell from the lengths of compressed pages what stands in them.
func (s *Server) tablesRoutes(mine func(string, access.Action, handler)) {
	mine("GET /tables", access.SeeTables, compressed(s.catalogue))
	mine("GET /tables/{name}", access.SeeTables, compressed(s.table))
	mine("GET /tables/{name}/chart.svg", access.SeeTables, compressed(s.tableChart))
	mine("GET /tables/{name}/file", access.SeeTables, compressed(s.tableFile))
	mine("GET /tables/pack", access.SeeTables, s.packPage)
	mine("POST /tables/pack", access.SeeTables, s.packMake)
	mine("GET /tables/pack/file", access.SeeTables, s.packFile)
}

// compress sends what is read over thin lines in gzip.
var compress = func() func(http.Handler) http.HandlerFunc {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(512))
	if err != nil { // options that are ours
		return func(h http.Handler) http.HandlerFunc { return h.ServeHTTP }
	}
	return wrap
}()

func compressed(h handler) handler {
	return func(w http.ResponseWriter, r *http.Request, p *page) (err error) {
		compress(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { err = h(w, r, p) })).ServeHTTP(w, r)
		return err
	}
}

// fresh dates an answer by what is published and who asks in which words, and tells whether the
// browser has it already.
func (s *Server) fresh(w http.ResponseWriter, r *http.Request, p *page, now Published) bool {
	all, err := assets()
	if err != nil {
		return false
	}
	sum := sha256.Sum256([]byte(fmt.Sprintf("%q", []string{now.Version, now.Maker, all["portal.css"], all["portal.js"], p.Lang, p.Account.ID, p.Account.Name, string(p.Account.Role), r.URL.RequestURI()})))
	tag := `W/"` + hex.EncodeToString(sum[:12]) + `"`
	w.Header().Set("ETag", tag)
	w.Header().Set("Cache-Control", "private, no-cache") // kept by the browser, which asks whether it still holds
	w.Header().Set("Vary", "Accept-Language, Cookie, Accept-Encoding")
	for had := range strings.SplitSeq(r.Header.Get("If-None-Match"), ",") {
		if strings.TrimSpace(had) == tag {
			w.WriteHeader(http.StatusNotModified)
			return true
		}
	}
	return false
}

type catalogueForm struct {
	Published
	Groups  []tableGroup
	Formats []string
}

// tableGroup are the tables of one chapter of the meeting pack.
type tableGroup struct {
	Title  string
	Tables []TableEntry
}

func (s *Server) catalogue(w http.ResponseWriter, r *http.Request, p *page) error {
	now, err := s.House.Tables.Published(r.Context())
	if err != nil || s.fresh(w, r, p, now) {
		return err
	}
	all, err := s.House.Tables.Catalogue(r.Context(), p.Lang)
	if err != nil {
		return err
	}
	f := catalogueForm{Published: now, Formats: s.House.Tables.Formats()}
	other, err := text(p.Lang, "tables_other")
	if err != nil {
		return err
	}
	for _, e := range all {
		if e.Chapter == "" {
			e.Chapter = other
		}
		if n := len(f.Groups); n == 0 || f.Groups[n-1].Title != e.Chapter {
			f.Groups = append(f.Groups, tableGroup{Title: e.Chapter})
		}
		last := &f.Groups[len(f.Groups)-1]
		last.Tables = append(last.Tables, e)
	}
	p.Form = f
	if err := p.title("tables", "tables_title"); err != nil {
		return err
	}
	return s.show(w, r, p)
}

// The parameters of a table's address, beside Parameters. What is not known is refused, not
// passed over: a filter that is not heeded would show other figures than were asked for.
var tableParameters = append([]string{"years", "from", "to", "view", "lang", "version", "format", "paper"}, Parameters...)

// tableQuery reads an address.
func tableQuery(r *http.Request, lang string) (q TableQuery, err error) {
	q = TableQuery{Name: r.PathValue("name"), Lang: lang, Codes: map[string][]string{}}
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return q, NotInTable{"?", r.URL.RawQuery}
	}
	for name := range values {
		if !slices.Contains(tableParameters, name) {
			return q, NotInTable{name, values.Get(name)}
		}
	}
	for _, name := range Parameters {
		for _, v := range values[name] {
			for code := range strings.SplitSeq(v, ",") {
				if code = strings.TrimSpace(code); code != "" && !slices.Contains(q.Codes[name], code) {
					q.Codes[name] = append(q.Codes[name], code)
				}
			}
		}
		slices.Sort(q.Codes[name])
	}
	q.View = values.Get("view")
	q.From, q.To = values.Get("from"), values.Get("to")
	if years := values.Get("years"); years != "" {
		from, to, span := strings.Cut(years, "-")
		if !span {
			to = from
		}
		if from == "" || to == "" {
			return q, NotInTable{"years", years}
		}
		q.From, q.To = from, to
	}
	if lang := values.Get("lang"); lang != "" && lang != q.Lang {
		return q, NotInTable{"lang", lang}
	}
	if !slices.Contains([]string{"", ChartView, MapView, FlowsView, TableAlone}, q.View) {
		return q, NotInTable{"view", q.View}
	}
	return q, nil
}

// query writes it as an address that gives the same again.
func (q TableQuery) query(more ...string) string {
	v := url.Values{"lang": {q.Lang}}
	for _, name := range Parameters {
		if len(q.Codes[name]) > 0 {
			v.Set(name, strings.Join(q.Codes[name], ","))
		}
	}
	switch {
	case q.From != "" && q.To != "":
		v.Set("years", q.From+"-"+q.To)
	case q.From != "":
		v.Set("from", q.From)
	case q.To != "":
		v.Set("to", q.To)
	}
	if q.View != "" {
		v.Set("view", q.View)
	}
	for i := 0; i+1 < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	return strings.ReplaceAll(v.Encode(), "%2C", ",")
}

type tableForm struct {
	*TableView
	Markup           template.HTML
	Action           string
	Link, Chart, All string // addresses
	Changed          bool   // since the link was made
	Choices          []tableChoice
	Years            []Code
	From, To         string
	Views            []tableView
	Files            []tableLink
	Chosen           string // what the reader chose
}

type tableChoice struct {
	TableChoice
	Legend string
}

type tableView struct {
	View, Name string
	Chosen     bool
}

type tableLink struct{ Href, Name string }

// asked reads what is asked of a table, and tells whether who asks has the answer already.
func (s *Server) asked(w http.ResponseWriter, r *http.Request, p *page) (q TableQuery, fresh bool, err error) {
	if q, err = tableQuery(r, p.Lang); err != nil {
		return q, false, err
	}
	now, err := s.House.Tables.Published(r.Context())
	if err != nil {
		return q, false, err
	}
	return q, s.fresh(w, r, p, now), nil
}

func (s *Server) table(w http.ResponseWriter, r *http.Request, p *page) error {
	q, fresh, err := s.asked(w, r, p)
	if err != nil || fresh {
		return err
	}
	v, err := s.House.Tables.View(r.Context(), q)
	if err != nil {
		return err
	}
	path := "/tables/" + q.Name
	f := tableForm{TableView: v, Markup: template.HTML(v.Markup), Action: path, From: q.From, To: q.To, All: path + "?lang=" + q.Lang,
		Link: s.Address + path + "?" + q.query("version", v.Version)}
	if asked := r.URL.Query().Get("version"); asked != "" && asked != v.Version {
		f.Changed = true
	}
	if d := v.Drawing; d != nil && !d.Empty {
		f.Chart = path + "/chart.svg?" + q.query("view", d.View, "version", v.Version)
	}
	var chosen []string
	if q.From != "" || q.To != "" {
		chosen = append(chosen, q.From+"–"+q.To)
	}
	for _, c := range v.Choices {
		if c.Parameter == "years" {
			f.Years = c.Codes
			continue
		}
		one := tableChoice{TableChoice: c}
		for _, code := range c.Codes {
			if code.Chosen {
				chosen = append(chosen, code.Name)
			}
		}
		if one.Legend, err = text(p.Lang, "filter_"+c.Parameter); err != nil {
			return err
		}
		f.Choices = append(f.Choices, one)
	}
	f.Chosen = strings.Join(chosen, "; ")
	if f.Views, err = views(v, p.Lang); err != nil {
		return err
	}
	if f.Files, err = s.tableFiles(q, p.Lang); err != nil {
		return err
	}
	p.Form = f
	if err := p.title("table", "tables_title"); err != nil {
		return err
	}
	p.Title, p.Wide = v.Title, true
	return s.show(w, r, p)
}

// views are the drawings that can stand beside the table.
func views(v *TableView, lang string) (all []tableView, err error) {
	if len(v.Charts) == 0 {
		return nil, nil
	}
	for _, view := range append(slices.Clone(v.Charts), TableAlone) {
		name, err := text(lang, "view_"+view)
		if err != nil {
			return nil, err
		}
		chosen := v.Drawing == nil && view == TableAlone || v.Drawing != nil && v.Drawing.View == view
		all = append(all, tableView{view, name, chosen})
	}
	return all, nil
}

// tableFiles are the forms in which what is shown can be taken.
func (s *Server) tableFiles(q TableQuery, lang string) (all []tableLink, err error) {
	q.View = ""
	for _, format := range s.House.Tables.Formats() {
		papers := []string{""}
		if format == "pdf" {
			papers = []string{"a4", "letter"}
		}
		for _, paper := range papers {
			name, err := text(lang, "format_"+strings.ReplaceAll(format, "-", "_"))
			if err != nil {
				return nil, err
			}
			more := []string{"format", format}
			if paper != "" {
				more = append(more, "paper", paper)
				name += ", " + strings.ToUpper(paper[:1]) + paper[1:]
			}
			all = append(all, tableLink{"/tables/" + q.Name + "/file?" + q.query(more...), name})
		}
	}
	return all, nil
}

func (s *Server) tableChart(w http.ResponseWriter, r *http.Request, p *page) error {
	q, fresh, err := s.asked(w, r, p)
	if err != nil || fresh {
		return err
	}
	b, err := s.House.Tables.Chart(r.Context(), q)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "image/svg+xml")
	w.Header().Set("Content-Security-Policy", "default-src 'none'") // nor where it is opened by itself
	_, _ = w.Write(b)                                               // nobody may be there to take it
	return nil
}

func (s *Server) tableFile(w http.ResponseWriter, r *http.Request, p *page) error {
	q, fresh, err := s.asked(w, r, p)
	if err != nil || fresh {
		return err
	}
	paper := r.URL.Query().Get("paper")
	if paper == "" {
		paper = "a4"
	}
	f, err := s.House.Tables.File(r.Context(), q, r.URL.Query().Get("format"), paper)
	if err != nil {
		return err
	}
	attach(w, f.Name, f.Kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(f.Bytes)))
	_, _ = w.Write(f.Bytes) // nobody may be there to take it
	return nil
}
