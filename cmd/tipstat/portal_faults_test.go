package main

import (
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/oas/tipstat/ingest/portal"
	"github.com/oas/tipstat/reports/sdmx/rest"
	"github.com/oas/tipstat/transform/codelist"
)

// TestPortalFaults tries what a review of the statistician's pages and of the packs found.
func TestPortalFaults(t *testing.T) {
	t.Parallel()
	dir := portalWorkspace(t, "en")
	name := filepath.Join(dir, "inbox", "HND", "y.receipt.json")
	if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o700), os.WriteFile(name, []byte("not json\n"), 0o600)); err != nil {
		t.Fatal(err)
	}
	if code := run([]string{"-w", dir, "run", "--settle", "0s"}, nil, &voice{}, &voice{}); code != exitRefused {
		t.Fatal(code)
	}
	s := startPortal(t, dir)
	admin := administrator(t, s)
	hnd, _ := invited(t, admin, "ministry", "HND", "hnd")
	stat, _ := invited(t, admin, "statistician", "", "stat")
	secondStep(t, stat)
	reviewOf := func(at string) string {
		return strings.Replace(strings.TrimPrefix(at, s.address), "/uploads/HND/", "/review/", 1)
	}
	const figures = "Año,Sexo,Víctimas\n2019,Mujer,15\n2019,Hombre,12\n"
	layout := filepath.Join(dir, "layouts", "victimas.yaml")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(layout, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}

	t.Run("files that are called as receipts are", func(t *testing.T) {
		if got := outcome(t, hnd, sendsTo(t, hnd, s, "x.receipt.json", "not json\n")); got != "refused" {
			t.Error(got)
		}
		for v, paths := range map[*visitor][]string{stat: {"/review", "/review/values", "/review/collection"}, hnd: {"/uploads"}} {
			for _, path := range paths {
				if status, _, page := v.get(path); status != http.StatusOK {
					t.Errorf("%s: %d\n%s", path, status, page)
				}
			}
		}
	})

	t.Run("read again, a file that no layout knew, past a newer one", func(t *testing.T) {
		write(strings.Replace(portalLayout, "Víctimas]}", "Otra cosa]}", 1))
		old := sendsTo(t, hnd, s, "old.csv", figures)
		if got := outcome(t, hnd, old); got != "refused" {
			t.Fatal(got)
		}
		write(portalLayout)
		time.Sleep(1100 * time.Millisecond) // receipts have seconds
		if got := outcome(t, hnd, sendsTo(t, hnd, s, "new.csv", strings.Replace(figures, "15", "16", 1))); got != "accepted" {
			t.Fatal(got)
		}
		if status, _, page := stat.post(reviewOf(old)+"/again", nil); status != http.StatusConflict {
			t.Errorf("%d\n%s", status, page)
		}
	})

	t.Run("accepted, and not in the store", func(t *testing.T) {
		entry := filepath.Join(dir, "refused", "HND", "gone.csv")
		for name, text := range map[string]string{entry: "x", entry + ".receipt.json": `{"file": "gone.csv", "outcome": "accepted", "file_sha256": "00"}`} {
			if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if status, _, page := stat.get("/review"); status != http.StatusOK || !strings.Contains(page, "gone.csv") {
			t.Errorf("%d\n%s", status, page)
		}
	})

	t.Run("a decision about a reading that was made anew", func(t *testing.T) {
		at := sendsTo(t, hnd, s, "one.csv", strings.Replace(figures, "2019", "2018", 2))
		if got := outcome(t, hnd, at); got != "accepted" {
			t.Fatal(got)
		}
		_, _, page := stat.get(reviewOf(at))
		seen := first(t, reSeen, page)
		write(strings.NewReplacer("1.0.0", "2.0.0", "IDENTIFIED, IDENT", "PRESUMED, IDENT").Replace(portalLayout))
		code, said := -1, &voice{}
		for range 100 { // the server may have the store
			said = &voice{}
			if code = run([]string{"-w", dir, "reprocess", "--reason", "presumed"}, nil, said, said); code == exitDone {
				break
			}
			time.Sleep(100 * time.Millisecond)
		}
		if code != exitDone {
			t.Fatal(code, said)
		}
		if status, _, page := stat.post(reviewOf(at)+"/confirm", url.Values{"seen": {seen}, "reason": {""}}); status != http.StatusConflict {
			t.Errorf("%d\n%s", status, page)
		}
	})
}

// sendsTo sends a file and gives where its receipt is.
func sendsTo(t *testing.T, v *visitor, s *portalServer, name, content string) string {
	t.Helper()
	status, at, page := v.do(sending(t, s.address+"/uploads", name, content))
	if status != http.StatusOK {
		t.Fatalf("%d %s\n%s", status, at, page)
	}
	return at
}

// TestPortalPackPolicy: a policy that is written while a pack is made, and put back, makes no
// pack but that of what is published; and a pack waits for tables that heed its audit.
func TestPortalPackPolicy(t *testing.T) {
	dir, out := portalWorkspace(t, "en"), &voice{}
	figures := filepath.Join(t.TempDir(), "figures.csv")
	if err := os.WriteFile(figures, []byte("Año,Sexo,Víctimas\n2021,Mujer,120\n2021,Hombre,90\n2022,Mujer,112\n2022,Hombre,97\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code := run([]string{"-w", dir, "ingest", figures}, nil, out, out); code != exitDone {
		t.Fatal(code, out)
	}
	t.Chdir(filepath.Dir(dir)) // the workspace is named from where we are
	dir = filepath.Base(dir)
	a := &app{out: out, err: out, now: time.Now, workspace: dir, lang: "en"}
	c, err := a.config()
	if err != nil {
		t.Fatal(err)
	}
	logger := slog.New(slog.NewTextHandler(out, nil))
	s := &server{a: a, c: c, handler: rest.New(logger), metrics: newServeMetrics()}
	s.office = &office{a: a, c: c, log: logger, storing: make(chan struct{}, 1)}
	o := &officeTables{office: s.office, packs: packs{failed: map[string]error{}, roused: make(chan struct{}, 1)}}
	s.office.tables = o
	if err := s.refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer o.replace(nil)
	p := o.now.Load()
	if err := p.ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	o.wanted.Add(1)
	if err := o.makePack(t.Context(), p, "en"); !errors.Is(err, errReplaced) {
		t.Errorf("beside tables that tell more: %v", err)
	}
	p.heeds = o.wanted.Load()

	made := make(chan error, 1)
	go func() { made <- o.makePack(t.Context(), p, "en") }()
	for begun := false; !begun && len(made) == 0; { // it copies the store
		copies, err := filepath.Glob(filepath.Join(dir, packsFolder, makingPack+"*", "store.duckdb*"))
		if err != nil {
			t.Fatal(err)
		}
		begun = len(copies) > 0
		time.Sleep(time.Millisecond)
	}
	policy := filepath.Join(dir, "disclosure.yaml")
	if err := os.WriteFile(policy, []byte("control: none\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := <-made; !errors.Is(err, errReplaced) {
		t.Errorf("under another policy than the tables: %v", err)
	}
	if k, err := o.Pack(t.Context(), "en"); err != nil || k.State != portal.PackNone {
		t.Errorf("%+v %v", k, err)
	}
	b, err := os.ReadFile(filepath.Join(dir, packsFolder, "portal.en", "pack.json"))
	if err == nil && strings.Contains(string(b), `"control": "none"`) {
		t.Error("the folder of the last pack has one without disclosure control")
	}
}

// TestMappedByPerson: a row with a person's note is theirs, and who confirms on the portal does
// not write over what another confirmed.
func TestMappedByPerson(t *testing.T) {
	y := codelist.Synonym{List: "CL_SEX", Spelling: "Varonos", Code: "M", Source: "workspace", Note: "by telephone, the ministry's desk"}
	if isMapped(y) {
		t.Error("taken for one that codes map wrote")
	}
	dir := portalWorkspace(t, "en")
	a := &app{out: &voice{}, err: &voice{}, now: time.Now, workspace: dir, lang: "en"}
	c, err := a.config()
	if err != nil {
		t.Fatal(err)
	}
	f := &office{a: a, c: c}
	if err := f.mapSpelling("CL_SEX", "Varonos", "M", "stat"); err != nil {
		t.Fatal(err)
	}
	if err := f.mapSpelling("CL_SEX", "Varonos", "F", "other"); !errors.Is(err, portal.ErrMapping) {
		t.Errorf("another code than another confirmed: %v", err)
	}
	if !isMapped(mappedRow("CL_SEX", "Varonos", "M", "stat")) || !isMapped(mappedRow("CL_SEX", "Varonos", "M", "")) {
		t.Error("its own rows are not known")
	}
}
