package main

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/oas/tipstat/transform/record"
)

// portalLayout reads what the ministry of the tests sends.
const portalLayout = `id: tst-victimas
version: 1.0.0
title: {en: Test victims, es: Víctimas de prueba}
agency: SAMPLE
record: victims
rows: figure
match: {header: [Año, Sexo, Víctimas]}
constants: {REF_AREA: HND, INDICATOR: VICTIMS_DETECTED, COUNTING_UNIT: PERSON, VICTIM_STATUS: IDENTIFIED, IDENTIFIED_BY: MULTIPLE, COVERAGE: NATIONAL}
columns:
  - {header: Año, concept: YEAR}
  - {header: Sexo, concept: SEX}
  - {header: Víctimas, value: true}
partitions: {total: [SEX]}
`

// voice is what is written by a server and read by a test.
type voice struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *voice) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *voice) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// portalServer is tipstat serve --portal in a workspace of its own.
type portalServer struct {
	dir, address, invitation string
	err                      *voice
	stop                     func() error
}

var reInvitation = regexp.MustCompile(`(https?://\S+)/invitation/\S+`)

func startPortal(t *testing.T, dir string, args ...string) *portalServer {
	t.Helper()
	s := &portalServer{dir: dir, err: &voice{}}
	a := &app{out: s.err, err: s.err, now: time.Now}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan int, 1)
	go func() {
		ended <- a.run(ctx, append([]string{"-w", dir, "serve", "--portal", "--listen", "127.0.0.1:0"}, args...))
	}()
	stop := sync.OnceValue(func() error {
		cancel()
		if code := <-ended; code != 0 {
			t.Errorf("serve ended with %d:\n%s", code, s.err)
		}
		return nil
	})
	s.stop = stop
	t.Cleanup(func() { _ = stop() })
	for range 600 {
		if m := reInvitation.FindStringSubmatch(s.err.String()); m != nil {
			s.invitation, s.address = m[0], m[1]
		}
		if m := regexp.MustCompile(`SDMX[^\n]* (https?://127\S+)`).FindStringSubmatch(s.err.String()); m != nil {
			s.address = m[1]
			return s
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("it does not serve:\n%s", s.err)
	return nil
}

// portalWorkspace makes a workspace with the test's layout.
func portalWorkspace(t *testing.T, lang string) string {
	t.Helper()
	dir := t.TempDir()
	if code := run([]string{"init", dir, "--lang", lang}, nil, &voice{}, &voice{}); code != 0 {
		t.Fatalf("init: %d", code)
	}
	settings, err := os.ReadFile(filepath.Join(dir, configName))
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, configName), append(settings, "portal: {file_bytes: 1048576}\n"...), 0o600)
	}
	if err := errors.Join(err, os.WriteFile(filepath.Join(dir, "layouts", "victimas.yaml"), []byte(portalLayout), 0o600)); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestPortalBrowser walks through the portal in a real browser, in each language, on a
// desktop and on a telephone.
func TestPortalBrowser(t *testing.T) {
	inBrowsers(t, record.Languages, func(t *testing.T, b browser) {
		s := startPortal(t, portalWorkspace(t, b.lang))
		paths := given(t, map[string][2]string{
			"bad":  {"bad <script>window.hacked=1<>.csv", "Año,Sexo,Víctimas\n2023,Mujer,<script>window.hacked=1</script>\n2023,Hombre,-9\n"},
			"good": {"good.csv", "Año,Sexo,Víctimas\n2021,Mujer,12\n2021,Hombre,9\n2022,Mujer,12\n2022,Hombre,9\n2023,Mujer,1200\n2023,Hombre,9\n"},
		})
		blank := filepath.Join(t.TempDir(), "form.xlsx")
		var got struct {
			BadFindings                                           []string
			Pages, Recovery, Asked, History, Forbidden, Other     int
			Changed, Reset                                        int
			Left                                                  string
			Lang, Short, Form, Bad, Good, Review, Answered, Token string
			AnsweredText                                          string
			Script                                                bool
			Receipt                                               struct {
				Outcome string `json:"outcome"`
				SHA256  string `json:"file_sha256"`
			}
		}
		b.walk(t, "journey.js", s, map[string]any{"answer": "Hubo un operativo nacional en 2023.", "form": blank, "files": paths}, &got)
		findings := strings.Join(got.BadFindings, "\n")
		for what, ok := range map[string]bool{
			"the language of the browser":         got.Lang == b.lang,
			"a password that is short is refused": got.Short != "",
			"ten recovery codes":                  got.Recovery == 10,
			"as many are left":                    strings.Contains(got.Left, "10"),
			"a second step is reset if confirmed": got.Reset == 1,
			"the form":                            strings.HasPrefix(got.Form, "tip-HND-") && strings.HasSuffix(got.Form, "-"+b.lang+".xlsx"),
			"the bad file is refused":             strings.Contains(got.Bad, "refused"),
			"its cells are told":                  strings.Contains(findings, "C2") && strings.Contains(findings, "C3"),
			"a script in a cell is text":          strings.Contains(findings, "<script>window.hacked=1</script>") && !got.Script,
			"the review":                          strings.Contains(got.Review, ".review.xlsx"),
			"the good file is accepted":           strings.Contains(got.Good, "accepted"),
			"its warnings ask":                    got.Asked > 0,
			"its answer is accepted":              strings.Contains(got.Answered, "accepted") && strings.Contains(got.AnsweredText, "operativo nacional"),
			"the receipt":                         got.Receipt.Outcome == "accepted" && len(got.Receipt.SHA256) == 64,
			"the history":                         got.History == 2,
			"the token":                           strings.HasPrefix(got.Token, "tip_"),
			"accounts are the administrator's":    got.Forbidden == http.StatusForbidden,
			"another State's is not found":        got.Other == http.StatusNotFound,
			"the password is changed":             got.Changed == 1,
			"all pages were looked at":            got.Pages >= 16,
		} {
			if !ok {
				t.Errorf("not so: %s", what)
			}
		}
		form, err := os.ReadFile(blank)
		if err != nil || !bytes.HasPrefix(form, []byte("PK")) {
			t.Errorf("the form: %d bytes, %v", len(form), err)
		}
		accepted, err := filepath.Glob(filepath.Join(s.dir, "accepted", "HND", "upload-*", "*.csv"))
		if err != nil || !slices.ContainsFunc(accepted, func(n string) bool { return filepath.Base(n) == "good.csv" }) {
			t.Errorf("accepted: %v %v", accepted, err)
		}
	})
}
