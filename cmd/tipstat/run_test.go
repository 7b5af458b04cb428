package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"github.com/rogpeppe/go-internal/testscript"
)

// scriptSorted writes the lines of a file in their order.
func scriptSorted(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, neg, args, 2, "sorted FILE OUT")
	lines := strings.Split(strings.TrimSpace(ts.ReadFile(args[0])), "\n")
	slices.Sort(lines)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(strings.Join(lines, "\n")+"\n"), 0o644))
}

// scriptGrows waits until a file has bytes in it.
func scriptGrows(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, neg, args, 1, "grows FILE")
	for range 1000 {
		if info, err := os.Stat(ts.MkAbs(args[0])); err == nil && info.Size() > 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	ts.Fatalf("%s stays empty", args[0])
}

// runWorkspace is a workspace with two files in its inbox: one is refused, the other
// names persons.
func runWorkspace(t *testing.T, config string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "work")
	if r := tipstat(t, "init", dir); r.code != exitDone {
		t.Fatal(r.err)
	}
	for name, text := range map[string]string{"tipstat.yaml": config, "inbox/bad.csv": "Xyz,Sexo\n2023,CANARY\n",
		"inbox/casos.csv": "Fecha,Sexo,Nombre completo,DNI\n2023-01-05,Mujer,Yesenia Zelaya Banegas,0801-1990-12345\n2023-02-07,Hombre,Wilmer Pineda Zelaya,0801-1995-54321\n2023-03-09,Mujer,Keyla Torres Mejía,0801-1999-11111\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// secretsOfRun stand in the files of runWorkspace, or in the environment.
var secretsOfRun = []string{"CANARY", "Yesenia", "Zelaya", "Keyla", "0801", "t0ken", "s3cret"}

func keeps(t *testing.T, what, text string) {
	t.Helper()
	for _, s := range secretsOfRun {
		if strings.Contains(text, s) {
			t.Errorf("%s tells %q:\n%s", what, s, text)
		}
	}
}

// TestRunWebhook: refusals are told, once, and nothing of what the files hold.
func TestRunWebhook(t *testing.T) {
	var bodies []string
	status := http.StatusOK
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		bodies = append(bodies, r.Header.Get("Authorization")+" "+string(b))
		w.WriteHeader(status)
	}))
	defer server.Close()
	t.Setenv(envWebhook, server.URL+"/s3cret")
	t.Setenv(envToken, "t0ken")
	dir := runWorkspace(t, "lang: es\n")
	log := filepath.Join(dir, "log.jsonl")
	if r := tipstat(t, "-w", dir, "run", "--settle", "0s", "--log", log); r.code != exitRefused {
		t.Fatalf("exit code %d\n%s", r.code, r.err)
	}
	if len(bodies) != 1 {
		t.Fatalf("%d notices", len(bodies))
	}
	var told runReport
	body, ok := strings.CutPrefix(bodies[0], "Bearer t0ken ")
	if err := json.Unmarshal([]byte(body), &told); err != nil || !ok || told.Counts.Refused != 2 || told.ExitCode != exitRefused || len(told.Files) != 2 {
		t.Errorf("%v %s", err, bodies[0])
	}
	keeps(t, "the notice", body)
	if r := tipstat(t, "-w", dir, "run", "--settle", "0s"); r.code != exitDone || len(bodies) != 1 {
		t.Errorf("exit code %d, %d notices where there was nothing to do", r.code, len(bodies))
	}

	// A notice that fails is told, and fails nothing.
	status = http.StatusInternalServerError
	if err := os.WriteFile(filepath.Join(dir, "inbox/bad.csv"), []byte("Xyz,CANARY\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r := tipstat(t, "-w", dir, "run", "--settle", "0s", "--log", log, "--json")
	if r.code != exitRefused || !strings.Contains(r.err, "No pudo enviarse el aviso por webhook: webhook at 127.0.0.1") || !strings.Contains(r.stdout, `"error": "webhook at 127.0.0.1`) {
		t.Errorf("exit code %d\n%s%s", r.code, r.err, r.stdout)
	}
	b, err := os.ReadFile(log)
	if err != nil || !strings.Contains(string(b), `"msg":"notice failed"`) || !strings.Contains(string(b), `"msg":"notice sent"`) {
		t.Errorf("%v\n%s", err, b)
	}
	keeps(t, "the log", string(b))
	keeps(t, "stderr", r.err)
	keeps(t, "stdout", r.stdout)

	// It is sent by the first run that can, though there is nothing else to do, and once.
	var failed runReport
	if err := json.Unmarshal([]byte(r.stdout), &failed); err != nil {
		t.Fatal(err)
	}
	bodies = nil
	if r := tipstat(t, "-w", dir, "run", "--settle", "0s"); r.code != exitDone || len(bodies) != 1 {
		t.Errorf("exit code %d, %d notices while the webhook fails", r.code, len(bodies))
	}
	status, bodies = http.StatusOK, nil
	for range 2 {
		if r := tipstat(t, "-w", dir, "run", "--settle", "0s", "--log", log); r.code != exitDone {
			t.Errorf("exit code %d\n%s", r.code, r.err)
		}
	}
	var late runReport
	if len(bodies) != 1 {
		t.Errorf("%d notices late", len(bodies))
	} else if err := json.Unmarshal([]byte(strings.TrimPrefix(bodies[0], "Bearer t0ken ")), &late); err != nil || late.RunID != failed.RunID || late.Counts.Refused != 1 || late.Notices != nil {
		t.Errorf("%v %s", err, bodies[0])
	}
	keeps(t, "the late notice", strings.TrimPrefix(strings.Join(bodies, ""), "Bearer t0ken "))
	reports, err := filepath.Glob(filepath.Join(dir, "runs/*"))
	if err != nil || len(reports) != 6 { // lock, state, two reports
		t.Errorf("%v %v", reports, err)
	}
	for _, name := range reports {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		keeps(t, name, string(b))
	}
}

// mailbox is an SMTP server that keeps what it gets.
type mailbox struct{ from, to, data string }

func (m *mailbox) NewSession(*smtp.Conn) (smtp.Session, error) { return m, nil }
func (m *mailbox) Reset()                                      {}
func (m *mailbox) Logout() error                               { return nil }
func (m *mailbox) Mail(from string, _ *smtp.MailOptions) error { m.from = from; return nil }
func (m *mailbox) Rcpt(to string, _ *smtp.RcptOptions) error   { m.to += to; return nil }
func (m *mailbox) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	m.data = string(b)
	return err
}

// TestRunMail sends the report of a run.
func TestRunMail(t *testing.T) {
	box := &mailbox{}
	server := smtp.NewServer(box)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(l) }()
	defer func() { _ = server.Close() }()
	dir := runWorkspace(t, "lang: fr\nnotify: {mail: {server: \""+l.Addr().String()+"\", from: tip@example.org, to: [me@example.org], tls: none}, timeout: 5s}\n")
	r := tipstat(t, "-w", dir, "run", "--settle", "0s")
	if r.code != exitRefused || strings.Contains(r.err, "avis par mail") {
		t.Fatalf("exit code %d\n%s", r.code, r.err)
	}
	if box.from != "tip@example.org" || box.to != "me@example.org" || !strings.Contains(box.data, "Refus=C3=A9s") || !strings.Contains(box.data, "casos.csv [TIP-P001, TIP-P002]") {
		t.Errorf("%+v", box)
	}
	keeps(t, "the mail", box.data)
}

// TestRunMetrics reads the metrics as Prometheus does.
func TestRunMetrics(t *testing.T) {
	dir := runWorkspace(t, "lang: en\n")
	file := filepath.Join(t.TempDir(), "tipstat.prom")
	if r := tipstat(t, "-w", dir, "run", "--settle", "0s", "--metrics", file); r.code != exitRefused {
		t.Fatalf("exit code %d\n%s", r.code, r.err)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	for name, f := range families {
		if f.GetHelp() == "" {
			t.Errorf("%s has no help", name)
		}
	}
	if v := families["tipstat_run_exit_code"].GetMetric()[0].GetGauge().GetValue(); v != exitRefused {
		t.Errorf("exit code %v", v)
	}
	refused := 0.0
	for _, m := range families["tipstat_files_total"].GetMetric() {
		if m.GetLabel()[0].GetValue() == "refused" {
			refused = m.GetCounter().GetValue()
		}
	}
	if refused != 2 {
		t.Errorf("%v refused", refused)
	}
	left, err := os.ReadDir(filepath.Dir(file))
	if err != nil || len(left) != 1 {
		t.Errorf("beside it: %v %v", left, err)
	}
	if r := tipstat(t, "-w", dir, "run", "--settle", "0s", "--metrics", filepath.Join(dir, "nosuch", "m.prom")); r.code != exitFault || !strings.Contains(r.err, "--metrics") {
		t.Errorf("exit code %d\n%s", r.code, r.err)
	}
}

// TestUnits asks systemd whether it would take the services and the timer.
func TestUnits(t *testing.T) {
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("no systemd-analyze here")
	}
	dir := filepath.Join(t.TempDir(), `a "work" of $5`)
	if r := tipstat(t, "init", dir); r.code != exitDone {
		t.Fatal(r.err)
	}
	to := t.TempDir()
	var files []string
	for _, name := range unitNames {
		r := tipstat(t, "-w", dir, "schedule", "units", name)
		if r.code != exitDone || !strings.Contains(r.stdout, "\n") {
			t.Fatalf("%s: exit code %d\n%s", name, r.code, r.err)
		}
		if name == "crontab" {
			if want := `a "work" of $5' run --quiet`; !strings.Contains(r.stdout, want) {
				t.Errorf("no %s in\n%s", want, r.stdout)
			}
			continue
		}
		file := filepath.Join(to, name)
		if err := os.WriteFile(file, []byte(r.stdout), 0o644); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	out, err := exec.Command(analyze, append([]string{"verify", "--man=no"}, files...)...).CombinedOutput()
	if err != nil || len(bytes.TrimSpace(out)) > 0 {
		t.Errorf("%v\n%s", err, out)
	}
}

// BenchmarkRunNothing measures a run that finds nothing new, with 2,000 files that wait.
func BenchmarkRunNothing(b *testing.B) {
	dir := filepath.Join(b.TempDir(), "work")
	call := func(args ...string) {
		if code := at(now, strings.NewReader(""), io.Discard, io.Discard).run(b.Context(), append([]string{"-w", dir}, args...)); code != exitDone {
			b.Fatalf("%v: exit code %d", args, code)
		}
	}
	call("init", dir)
	for i := range 2000 {
		if err := os.WriteFile(filepath.Join(dir, "inbox", "upload"+string(rune('a'+i%26))+strings.Repeat("x", i/26)+".part"), nil, 0o600); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		call("run")
	}
}

// TestScheduleTerminated ends a schedule as systemd does, while it reads a large file: the
// store is as it was, the file stays, and the next run takes it.
func TestScheduleTerminated(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no SIGTERM here")
	}
	dir := filepath.Join(t.TempDir(), "work")
	if r := tipstat(t, "init", dir); r.code != exitDone {
		t.Fatal(r.err)
	}
	layout, err := os.ReadFile(filepath.Join(samplesDir, "layouts/sample-cri-casos.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	rows := "SAMPLE\nFecha de registro,Sexo,Edad,Nacionalidad,Forma de explotación,Condición,Delito\n" +
		strings.Repeat("02/01/2022,Mujer,30,Colombiana,Trabajos forzados,Víctima identificada,Trata de personas\n", 400_000)
	file := filepath.Join(dir, "inbox/cases.csv")
	if err := errors.Join(os.WriteFile(filepath.Join(dir, "layouts/cri.yaml"), layout, 0o600), os.WriteFile(file, []byte(rows), 0o600)); err != nil {
		t.Fatal(err)
	}
	before := mustDump(t, dir)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(dir, "log.jsonl")
	cmd := exec.Command(self)
	cmd.Args = []string{"tipstat", "-w", dir, "schedule", "--cron", "@every 1s", "--settle", "0s", "--log", log}
	cmd.Env = append(os.Environ(), "TIPSTAT_NOW=real")
	var errw bytes.Buffer
	cmd.Stderr = &errw
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for range 1000 {
		if b, _ := os.ReadFile(log); bytes.Contains(b, []byte(`"msg":"started"`)) {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	time.Sleep(300 * time.Millisecond)
	began := time.Now()
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil || !strings.HasSuffix(errw.String(), "ended\n") {
		t.Errorf("%v\n%s", err, errw.String())
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it took %s to end", took)
	}
	if b, err := os.ReadFile(log); err != nil || !bytes.Contains(b, []byte(`"outcome":"interrupted"`)) {
		t.Fatalf("it was not interrupted, the file may be too small: %v\n%s", err, b)
	}
	if _, err := os.Stat(file); err != nil || mustDump(t, dir) != before {
		t.Errorf("%v, or the store is another", err)
	}
	if r := tipstat(t, "-w", dir, "run", "--settle", "0s"); r.code != exitDone || !strings.Contains(r.err, "400000 rows") {
		t.Errorf("exit code %d\n%s", r.code, r.err)
	}
}

func TestUnitQuoting(t *testing.T) {
	const name = `5% of $x 'y' "z" \`
	if have, want := unitQuoted(name), `"5%% of $$x 'y' \"z\" \\"`; have != want {
		t.Errorf("%s, want %s", have, want)
	}
	if have, want := shellQuoted(name), `'5\% of $x '\''y'\'' "z" \'`; have != want {
		t.Errorf("%s, want %s", have, want)
	}
}

// TestRunChanged: a file that is written on between its commit and its move stays, is taken
// in again by the next run, and what was taken in is published by each.
func TestRunChanged(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "work")
	if r := tipstat(t, "init", dir); r.code != exitDone {
		t.Fatal(r.err)
	}
	layout, err := os.ReadFile(filepath.Join(samplesDir, "layouts/sample-bra-vitimas-uf.yaml"))
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "layouts/bra.yaml"), layout, 0o600)
	}
	text, err2 := os.ReadFile(filepath.Join(samplesDir, "bra-vitimas-uf.csv"))
	if err := errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	if r := tipstat(t, "-w", dir, "run", "--publish", "tables"); r.code != exitDone {
		t.Fatalf("exit code %d\n%s", r.code, r.err)
	}
	file := filepath.Join(dir, "inbox/bra.csv")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	var errw bytes.Buffer
	a := at(now, strings.NewReader(""), io.Discard, &errw)
	a.committed = func() {
		if err := os.WriteFile(file, append(text, '\n'), 0o600); err != nil {
			t.Error(err)
		}
	}
	code := a.run(t.Context(), []string{"-w", dir, "run", "--settle", "0s", "--publish", "tables"})
	if code != exitDone || !strings.Contains(errw.String(), "bra.csv: changed while it was read") || !strings.Contains(errw.String(), "Published (tables)") {
		t.Errorf("exit code %d\n%s", code, errw.String())
	}
	if left, err := filepath.Glob(filepath.Join(dir, "accepted/*")); err != nil || len(left) > 0 {
		t.Errorf("papers of a file that stays: %v %v", left, err)
	}
	r := tipstat(t, "-w", dir, "run", "--settle", "0s", "--publish", "tables")
	if r.code != exitDone || !strings.Contains(r.err, "-> accepted/bra.csv") || !strings.Contains(r.err, "Published (tables)") {
		t.Errorf("exit code %d\n%s", r.code, r.err)
	}
}
