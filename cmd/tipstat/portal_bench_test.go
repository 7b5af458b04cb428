package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// senders are the States of the load.
var senders = []string{"BRA", "CRI", "GTM", "HND", "MEX"}

// loadFile is what a State sends: the figures of thirty years, another number in each file.
func loadFile(area string, n int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Año,Sexo,Víctimas %s\n", area)
	for year := 1990; year < 2020; year++ {
		fmt.Fprintf(&b, "%d,Mujer,%d\n%d,Hombre,%d\n", year, 1000+n, year, 500+n)
	}
	return b.String()
}

// loadWorkspace has a layout for each of the senders, and room for what they send.
func loadWorkspace(b *testing.B) string {
	b.Helper()
	dir := b.TempDir()
	if code := run([]string{"init", dir}, nil, io.Discard, io.Discard); code != 0 {
		b.Fatal("init")
	}
	for _, area := range senders {
		layout := strings.NewReplacer("REF_AREA: HND", "REF_AREA: "+area, "tst-victimas", "tst-"+strings.ToLower(area), "Víctimas", "Víctimas "+area).Replace(portalLayout)
		if err := os.WriteFile(filepath.Join(dir, "layouts", area+".yaml"), []byte(layout), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	return dir
}

// serving is tipstat serve --portal in a process of its own.
func serving(b *testing.B, bin, dir string) (s *portalServer, ended func() (peakMB float64)) {
	b.Helper()
	cmd := exec.Command(bin, "-w", dir, "serve", "--portal", "--listen", "127.0.0.1:0")
	said, err := cmd.StderrPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = cmd.Process.Kill() })
	s = &portalServer{dir: dir}
	lines := bufio.NewScanner(said)
	for s.address == "" && lines.Scan() {
		if m := reInvitation.FindStringSubmatch(lines.Text()); m != nil {
			s.invitation, s.address = m[0], m[1]
		}
	}
	var drained sync.WaitGroup
	drained.Go(func() { _, _ = io.Copy(io.Discard, said) })
	return s, func() float64 {
		_ = cmd.Process.Signal(os.Interrupt)
		drained.Wait()
		if err := cmd.Wait(); err != nil {
			b.Fatal(err)
		}
		return float64(cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss) / 1024 // Linux: KB
	}
}

// BenchmarkPortal is the load run of the README: 100 files of five States at once, each
// State's page asked for meanwhile as fast as it comes; a file of 95 MB; and, for
// comparison, the same hundred files read by tipstat run.
//
//	go test ./cmd/tipstat -run '^$' -bench Portal -benchtime 1x
func BenchmarkPortal(b *testing.B) {
	bin := filepath.Join(b.TempDir(), "tipstat")
	if out, err := exec.Command("go", "build", "-o", bin, ".").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	b.Run("portal-100-at-once", func(b *testing.B) { loadPortal(b, bin) })
	b.Run("run-the-same-100", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			dir := loadWorkspace(b)
			for i := range 100 {
				area := senders[i%len(senders)]
				file := filepath.Join(dir, "inbox", area, fmt.Sprintf("f%02d.csv", i))
				if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
					b.Fatal(err)
				}
				if err := os.WriteFile(file, []byte(loadFile(area, i)), 0o600); err != nil {
					b.Fatal(err)
				}
			}
			b.StartTimer()
			cmd := exec.Command(bin, "-w", dir, "run", "--settle", "0s")
			if out, err := cmd.CombinedOutput(); err != nil {
				b.Fatalf("%v\n%s", err, out)
			}
			b.ReportMetric(float64(cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss)/1024, "peak-MB")
		}
	})
	b.Run("portal-95-MB", func(b *testing.B) {
		s, ended := serving(b, bin, loadWorkspace(b))
		hnd, _ := invited(b, administrator(b, s), "ministry", "HND", "hnd")
		const line = "2019,Mujer,1234567890\n"
		for b.Loop() {
			r := sending(b, s.address+"/uploads", "large.csv", "Año,Sexo,Víctimas HND\n"+strings.Repeat(line, 95<<20/len(line)))
			r.Header.Set("Accept", "application/json")
			if status, _, said := hnd.do(r); status != http.StatusOK {
				b.Fatal(said)
			}
		}
		b.ReportMetric(ended(), "peak-MB")
	})
}

// sample is the median and the 99th percentile of durations, in ms.
func sample(b *testing.B, what string, all []time.Duration) {
	b.Helper()
	slices.Sort(all)
	for _, p := range []int{50, 99} {
		b.ReportMetric(float64(all[(len(all)-1)*p/100].Microseconds())/1000, fmt.Sprintf("%s-p%d-ms", what, p))
	}
}

func loadPortal(b *testing.B, bin string) {
	for b.Loop() {
		b.StopTimer()
		s, ended := serving(b, bin, loadWorkspace(b))
		admin := administrator(b, s)
		visitors := map[string]*visitor{}
		for _, area := range senders {
			visitors[area], _ = invited(b, admin, "ministry", area, strings.ToLower(area))
		}
		b.StartTimer()
		var mu sync.Mutex
		var took, pages []time.Duration
		var wait, looking sync.WaitGroup
		sent := map[string]string{} // address → State
		begun := time.Now()
		for i := range 100 {
			area := senders[i%len(senders)]
			r := sending(b, s.address+"/uploads", fmt.Sprintf("f%02d.csv", i), loadFile(area, i))
			r.Header.Set("Accept", "application/json")
			wait.Go(func() {
				from := time.Now()
				status, _, said := visitors[area].do(r)
				var to struct{ Location string }
				if err := json.Unmarshal([]byte(said), &to); err != nil || status != http.StatusOK {
					b.Errorf("%d %s", status, said)
					return
				}
				mu.Lock()
				defer mu.Unlock()
				took = append(took, time.Since(from))
				sent[to.Location] = area
			})
		}
		stop := make(chan struct{})
		for _, area := range senders {
			looking.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
					}
					from := time.Now()
					if status, _, page := visitors[area].get("/uploads"); status != http.StatusOK {
						b.Errorf("%d %s", status, page)
						return
					}
					mu.Lock()
					pages = append(pages, time.Since(from))
					mu.Unlock()
					time.Sleep(500 * time.Millisecond) // who looks has to read, too
				}
			})
		}
		wait.Wait()
		b.ReportMetric(time.Since(begun).Seconds(), "received-s")
		for at, area := range sent {
			if got := outcome(b, visitors[area], at); got != "accepted" {
				b.Errorf("%s: %s", at, got)
			}
		}
		close(stop)
		looking.Wait()
		sample(b, "receipt", took)
		sample(b, "page", pages)
		b.ReportMetric(ended(), "peak-MB")
	}
}
