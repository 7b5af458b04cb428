package portal

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/oas/tipstat/ingest/portal/access"
	"github.com/oas/tipstat/ingest/portal/provider"
	"github.com/oas/tipstat/ingest/portal/upload"
	"github.com/oas/tipstat/transform/store"
)

// House is what the pages ask of the rest of the house.
type House struct {
	// Form writes the form of a State for a year, in a language, and names it.
	Form func(ctx context.Context, refArea string, year int, lang string) (name string, b []byte, err error)
	// Submissions gives what of a State is in the store, in its order.
	Submissions func(ctx context.Context, refArea string) ([]store.Submission, error)
	// States gives the codes of the States that may have a ministry here.
	States func() []string
	// Area names an area in a language.
	Area func(code, lang string) string
	// Record names a kind of record in a language.
	Record func(code, lang string) string
	// Tables is what of the house is published.
	Tables Tables
	// Came says that a file lies in the inbox.
	Came func()
	// Verify holds the audit log against what was kept of it outside the database.
	Verify func(ctx context.Context) (access.Anchor, error)
	// Review is for the statistician's pages.
	Review Review
	// Providers are the OpenID Connect providers by which one may sign in.
	Providers []*provider.Provider
}

// Server answers the pages.
type Server struct {
	Access  *access.Control
	Desk    *upload.Desk
	House   House
	Log     *slog.Logger
	Cookies access.Cookies
	Address string // where the portal is reached, such as https://tip.example.org
	Proxied bool   // X-Forwarded-For, of a proxy before us, says who calls
	Now     func() time.Time

	pages   func() (map[string]*template.Template, error)
	marking sync.Mutex // held by who makes a workbook with answers
	flows   flows
}

//go:embed html/*.html
var htmlFiles embed.FS

//go:embed assets
var assetFiles embed.FS

// assets are the files of assets by a name that changes with their bytes.
var assets = sync.OnceValues(func() (map[string]string, error) {
	byName := map[string]string{}
	err := fs.WalkDir(assetFiles, "assets", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := assetFiles.ReadFile(name)
		sum := sha256.Sum256(b)
		byName[path.Base(name)] = "/assets/" + hex.EncodeToString(sum[:6]) + "/" + path.Base(name)
		return err
	})
	return byName, err
})

// Handler gives all pages. Other sites' forms are refused before anything is done.
func (s *Server) Handler() http.Handler {
	s.pages = sync.OnceValues(parse)
	mux := http.NewServeMux()
	open := func(pattern string, h handler) { mux.Handle(pattern, s.handle(h)) }
	mine := func(pattern string, action access.Action, h handler) { open(pattern, s.signedIn(action, h)) }

	mux.HandleFunc("GET /assets/{sum}/{name}", compress(http.HandlerFunc(serveAsset)))
	open("GET /{$}", s.home)
	open("GET /signin", s.signInPage)
	open("POST /signin", s.signIn)
	open("GET /signin/code", s.codePage)
	open("POST /signin/code", s.code)
	open("POST /signout", s.signOut)
	open("GET /invitation/{token}", s.invitationPage)
	open("POST /invitation/{token}", s.accept)

	mine("GET /uploads", access.SeeSubmission, s.uploads)
	mine("POST /uploads", access.Upload, s.send)
	mine("GET /template", access.GetTemplate, s.template)
	mine("GET /uploads/{area}/{id}", access.SeeSubmission, s.upload)
	mine("GET /uploads/{area}/{id}/review", access.SeeSubmission, s.review)
	mine("GET /uploads/{area}/{id}/receipt.json", access.SeeSubmission, s.receipt)
	mine("POST /uploads/{area}/{id}/answers", access.Upload, s.answer)

	s.tablesRoutes(mine)

	open("GET /account", s.accountPage) // also where a second step has to be set up first
	open("POST /account/second-step", s.enrol)
	open("POST /account/second-step/confirm", s.confirm)
	mine("POST /account/password", access.ManageOwn, s.changePassword)
	mine("POST /account/tokens", access.IssueToken, s.issueToken)
	mine("POST /account/tokens/revoke", access.ManageOwn, s.revokeToken)
	mine("POST /account/signout-all", access.ManageOwn, s.signOutAll)

	mine("GET /accounts", access.ManageAccounts, s.accounts)
	mine("POST /accounts/invite", access.ManageAccounts, s.invite)
	mine("POST /accounts/{what}", access.ManageAccounts, s.manage)
	mine("GET /log", access.ReadAudit, s.auditLog)

	s.reviewRoutes(mine)
	s.oidcRoutes(open, mine)
	s.ownRoutes(mine)

	mux.Handle("POST /api/uploads", s.machine(s.apiSend))
	mux.Handle("GET /api/uploads/{area}/{id}", s.machine(s.apiReceipt))
	open("GET /", func(http.ResponseWriter, *http.Request, *page) error { return errNotFound })

	guard := http.NewCrossOriginProtection()
	if err := guard.AddTrustedOrigin(s.Address); err != nil { // a proxy may not pass our Host on
		s.Log.Error("address", "error", err.Error())
	}
	guard.SetDenyHandler(s.handle(func(http.ResponseWriter, *http.Request, *page) error { return errOrigin }))
	return headers(guard.Handler(mux), !s.Cookies.Plain)
}

// headers sets what every answer carries.
func headers(next http.Handler, secure bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		h.Set("Cache-Control", "no-store")
		if secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

func serveAsset(w http.ResponseWriter, r *http.Request) {
	all, err := assets()
	name := r.PathValue("name")
	if err != nil || all[name] != r.URL.Path {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	http.ServeFileFS(w, r, assetFiles, "assets/"+name)
}

// parse reads the pages.
func parse() (map[string]*template.Template, error) {
	funcs := template.FuncMap{
		"t": func(string, ...any) (string, error) { return "", errors.New("no language") },
		"asset": func(name string) (string, error) {
			all, err := assets()
			if err == nil && all[name] == "" {
				err = fmt.Errorf("no asset %s", name)
			}
			return all[name], err
		},
	}
	pages := map[string]*template.Template{}
	names, err := fs.Glob(htmlFiles, "html/*.html")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		page := strings.TrimSuffix(path.Base(name), ".html")
		if page == "layout" || page == "uploads-table" {
			continue
		}
		if pages[page], err = template.New(page).Funcs(funcs).ParseFS(htmlFiles, "html/layout.html", "html/uploads-table.html", name); err != nil {
			return nil, err
		}
	}
	return pages, nil
}

// page is what a page is made of.
type page struct {
	Lang      string
	Title     string
	Problem   string
	Wide      bool // it needs the whole screen
	Again     int  // seconds after which the browser looks again; 0: never
	Languages []choice
	Account   *access.Account
	Sections  []section
	Form      any

	session access.Session
	token   string // of the session's cookie
	device  string
	name    string // of the template
	status  int
}

// section is a link of the menu.
type section struct {
	Href, Name string
	Current    bool
}

// sections are the parts of the portal, with who may see them.
var sections = []struct {
	href, text string
	action     access.Action
	any        bool // for who may do it for all States, too
}{
	{"/uploads", "nav_send", access.Upload, false},
	{"/review", "nav_review", access.Decide, true},
	{"/review/values", "nav_values", access.MapValues, true},
	{"/review/collection", "nav_collection", access.SeeCollection, true},
	{"/accounts", "nav_accounts", access.ManageAccounts, true},
	{"/tables", "nav_tables", access.SeeTables, true},
	{"/log", "nav_log", access.ReadAudit, true},
	{"/account", "nav_account", access.ManageOwn, true},
}

// show writes a page.
func (s *Server) show(w http.ResponseWriter, r *http.Request, p *page) error {
	all, err := s.pages()
	if err != nil {
		return err
	}
	t, err := all[p.name].Clone()
	if err != nil {
		return err
	}
	t.Funcs(template.FuncMap{"t": func(key string, put ...any) (string, error) { return text(p.Lang, key, put...) }})
	for _, sec := range sections {
		if p.Account == nil || p.session.State != access.Complete || !p.session.Actor().May(sec.action, p.Account.RefArea) || !sec.any && p.Account.Role != access.Ministry {
			continue
		}
		name, err := text(p.Lang, sec.text)
		if err != nil {
			return err
		}
		p.Sections = append(p.Sections, section{sec.href, name, sec.href == r.URL.Path})
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, "layout", p); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Language", p.Lang)
	if w.Header().Get("ETag") == "" { // else it says so
		w.Header().Set("Vary", "Accept-Language, Cookie")
	}
	if p.status != 0 {
		w.WriteHeader(p.status)
	}
	_, _ = b.WriteTo(w) // nobody may be there to take it
	return nil
}

// title sets what a page is and what it is called.
func (p *page) title(name, key string, put ...any) (err error) {
	p.name = name
	p.Title, err = text(p.Lang, key, put...)
	return err
}

// handler answers one address. What it returns as error is told on a page.
type handler func(w http.ResponseWriter, r *http.Request, p *page) error

// handle finds the session and the language, and tells what went wrong.
func (s *Server) handle(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := &page{}
		p.token, p.device = s.Cookies.Read(r)
		failed := error(nil)
		if p.token != "" {
			session, err := s.Access.Session(r.Context(), p.token)
			var no *access.Refusal
			switch {
			case err == nil:
				p.session, p.Account = session, &session.Account
			case errors.As(err, &no):
				http.SetCookie(w, access.Clear(s.Cookies.Session("")))
			default:
				failed = err
			}
		}
		account := ""
		if p.Account != nil {
			account = p.Account.Lang
		}
		p.Lang = langOf(r, account)
		if r.URL.Query().Get("lang") == p.Lang {
			http.SetCookie(w, &http.Cookie{Name: langCookie, Value: p.Lang, Path: "/", MaxAge: 365 * 24 * 3600, Secure: !s.Cookies.Plain, HttpOnly: true, SameSite: http.SameSiteLaxMode})
		}
		p.Languages = choices(r, p.Lang)
		if failed == nil {
			failed = h(w, r, p)
		}
		if failed != nil {
			s.problem(w, r, p, failed)
		}
	})
}

// signedIn lets in who may do an action, for the account's State at least.
func (s *Server) signedIn(action access.Action, h handler) handler {
	return func(w http.ResponseWriter, r *http.Request, p *page) error {
		switch {
		case p.Account == nil:
			return s.away(w, r, "/signin")
		case p.session.State == access.WantsCode:
			return s.away(w, r, "/signin/code")
		case p.session.State == access.WantsEnrolment:
			return s.away(w, r, "/account")
		case !p.session.Actor().May(action, p.Account.RefArea):
			return access.ErrForbidden
		}
		return h(w, r, p)
	}
}

// away sends the browser to another page.
func (s *Server) away(w http.ResponseWriter, r *http.Request, to string) error {
	if wantsJSON(r) {
		status := http.StatusOK
		if strings.HasPrefix(to, "/signin") && r.URL.Path != "/signout" {
			status = http.StatusUnauthorized
		}
		return answerJSON(w, status, map[string]string{"location": to})
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// caller is the address that calls, for limits in memory alone.
func (s *Server) caller(r *http.Request) string {
	if all := r.Header.Values("X-Forwarded-For"); s.Proxied && len(all) > 0 {
		parts := strings.Split(all[len(all)-1], ",")
		if at := strings.TrimSpace(parts[len(parts)-1]); net.ParseIP(at) != nil {
			return at
		}
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// home leads each role to its work.
func (s *Server) home(w http.ResponseWriter, r *http.Request, p *page) error {
	return s.signedIn(access.ManageOwn, func(w http.ResponseWriter, r *http.Request, p *page) error {
		for _, at := range []struct {
			action access.Action
			to     string
		}{{access.Decide, "/review"}, {access.SeeSubmission, "/uploads"}, {access.ManageAccounts, "/accounts"}} {
			if p.session.Actor().May(at.action, p.Account.RefArea) {
				return s.away(w, r, at.to)
			}
		}
		if p.session.Actor().May(access.SeeTables, p.Account.RefArea) {
			return s.away(w, r, "/tables")
		}
		return s.away(w, r, "/account")
	})(w, r, p)
}

// isState tells whether a code is of a State that may have a ministry here.
func (s *Server) isState(code string) bool { return slices.Contains(s.House.States(), code) }
