package main

import (
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/oas/tipstat/ingest/batch"
	"github.com/oas/tipstat/ingest/inbox"
)

// writeRunMetrics writes what a run did for the textfile collector of the node exporter,
// whole or not at all.
func writeRunMetrics(file string, r *runReport, s runState) error {
	reg := prometheus.NewRegistry()
	gauge := func(name, help string, value float64) {
		g := prometheus.NewGauge(prometheus.GaugeOpts{Name: name, Help: help})
		g.Set(value)
		reg.MustRegister(g)
	}
	gauge("tipstat_run_start_timestamp_seconds", "When the last run began.", float64(r.Started.Unix()))
	gauge("tipstat_run_end_timestamp_seconds", "When the last run ended.", float64(r.Started.Add(time.Duration(r.Seconds*float64(time.Second))).Unix()))
	gauge("tipstat_run_duration_seconds", "How long the last run took.", r.Seconds)
	gauge("tipstat_run_exit_code", "Exit code of the last run: 0 done, 1 a fault, 3 something was refused, 4 another process was at work.", float64(r.ExitCode))
	gauge("tipstat_inbox_waiting_files", "Files that the last run left in the inbox: still being written, open, temporary or no files.", float64(r.Counts.Waiting))
	held := 0.0
	if r.Published != nil && r.Published.Held != "" {
		held = 1
	}
	gauge("tipstat_pack_held_back", "1 if the last run made a pack and did not let it out.", held)
	last := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "tipstat_run_files", Help: "Files of the last run, by what became of them."}, []string{"outcome"})
	total := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "tipstat_files_total", Help: "Files of all runs of the workspace, by what became of them."}, []string{"outcome"})
	for outcome, n := range map[string]int{inbox.Accepted: r.Counts.Accepted, inbox.Already: r.Counts.Already, inbox.Refused: r.Counts.Refused, batch.Failed: r.Counts.Failed} {
		last.WithLabelValues(outcome).Set(float64(n))
		total.WithLabelValues(outcome).Add(float64(s.Files[outcome]))
	}
	findings := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "tipstat_run_findings", Help: "Findings in the files of the last run, by code."}, []string{"code", "severity"})
	for _, c := range r.Findings {
		findings.WithLabelValues(c.Code, string(c.Severity)).Set(float64(c.Count))
	}
	reg.MustRegister(last, total, findings)
	if err := prometheus.WriteToTextfile(file, reg); err != nil {
		return fmt.Errorf("--metrics %s: %w", file, err)
	}
	return nil
}

// serveMetrics counts what a server is asked, and tells it at /metrics.
type serveMetrics struct {
	registry                       *prometheus.Registry
	requests                       *prometheus.CounterVec
	seconds                        *prometheus.HistogramVec
	observations, series, withheld prometheus.Gauge
	refreshed                      prometheus.Gauge
	refreshes                      *prometheus.CounterVec
}

func newServeMetrics() *serveMetrics {
	gauge := func(name, help string) prometheus.Gauge {
		return prometheus.NewGauge(prometheus.GaugeOpts{Name: name, Help: help})
	}
	m := &serveMetrics{registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "tipstat_http_requests_total", Help: "Requests that were answered, by resource, method and status."}, []string{"resource", "method", "code"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "tipstat_http_request_duration_seconds", Help: "How long answers took, to the last byte, by resource.",
			Buckets: []float64{.001, .005, .02, .1, .5, 2, 10, 60}}, []string{"resource"}),
		observations: gauge("tipstat_served_observations", "Observations that are served."),
		series:       gauge("tipstat_served_series", "Series that are served."),
		withheld:     gauge("tipstat_served_withheld_observations", "Observations of these whose figure is withheld."),
		refreshed:    gauge("tipstat_served_refresh_timestamp_seconds", "When what is served was made."),
		refreshes:    prometheus.NewCounterVec(prometheus.CounterOpts{Name: "tipstat_served_refreshes_total", Help: "How often it was made anew, or could not be."}, []string{"outcome"}),
	}
	m.registry.MustRegister(m.requests, m.seconds, m.observations, m.series, m.withheld, m.refreshed, m.refreshes,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// coded remembers the status of an answer.
type coded struct {
	http.ResponseWriter
	code int
}

func (w *coded) WriteHeader(code int) {
	w.code = code
	w.ResponseWriter.WriteHeader(code)
}

func (w *coded) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// resources are those of the SDMX REST API that are answered.
var resources = []string{"structure", "data", "availability", "metadata", "schema"}

// around counts what a handler answers, and answers /metrics itself. Labels are from
// closed lists: who asks can't fill the memory with names.
func (m *serveMetrics) around(next http.Handler, log *slog.Logger) http.Handler {
	own := promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelError)})
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/metrics" {
			own.ServeHTTP(rw, r)
			return
		}
		resource, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
		if !slices.Contains(resources, resource) {
			resource = "other"
		}
		method := r.Method
		switch method {
		case http.MethodGet, http.MethodHead, http.MethodOptions:
		default:
			method = "other"
		}
		w, began := &coded{rw, http.StatusOK}, time.Now()
		next.ServeHTTP(w, r)
		m.requests.WithLabelValues(resource, method, strconv.Itoa(w.code)).Inc()
		m.seconds.WithLabelValues(resource).Observe(time.Since(began).Seconds())
	})
}

// made tells of what is served from now on, or that it could not be made.
func (m *serveMetrics) made(observations, series, withheld int64, err error) {
	if err != nil {
		m.refreshes.WithLabelValues("failed").Inc()
		return
	}
	m.refreshes.WithLabelValues("done").Inc()
	m.observations.Set(float64(observations))
	m.series.Set(float64(series))
	m.withheld.Set(float64(withheld))
	m.refreshed.SetToCurrentTime()
}
