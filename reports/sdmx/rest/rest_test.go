package rest_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/oas/tipstat/reports/sdmx"
	"github.com/oas/tipstat/reports/sdmx/rest"
	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/testdata/golden"
	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/store"
)

// later is a time after all files of the fixture were received.
var later = time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC)

// earlier is when what handler serves was served first.
var earlier = later.AddDate(0, 0, -1)

// publish makes an export and serves it.
func publish(t testing.TB, h *rest.Handler, p table.Params, at time.Time) {
	t.Helper()
	e, digest := frozen(t, p)
	h.Publish(e, digest, at)
}

// frozen is the fixture of the tests of reports, released, in memory.
func frozen(t testing.TB, p table.Params) (*sdmx.Export, string) {
	t.Helper()
	ctx := context.Background()
	set, err := codelist.Load(fstest.MapFS{"codelists/CL_EXPLOITATION.csv": {Data: []byte("code,parent,en,es,pt,fr,source,ictip\n" +
		"PROSTITUTION,SEXUAL,Prostitution,Prostitución,Prostituição,Prostitution,test,\n")}})
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile("../../testdata/fixture.sql")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.DB().ExecContext(ctx, string(b)); err != nil {
		t.Fatal(err)
	}
	if err := s.Hold(ctx); err != nil {
		t.Fatal(err)
	}
	e, err := sdmx.Make(ctx, s.DB(), set, p)
	if err != nil {
		t.Fatal(err)
	}
	digest, err := e.Freeze(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil { // what is frozen needs no store
		t.Fatal(err)
	}
	return e, digest
}

var released = table.Params{Control: &table.Control{Method: "suppression", Threshold: 5, ThresholdCases: 5}}

func handler(t testing.TB) *rest.Handler {
	t.Helper()
	h := rest.New(slog.New(slog.DiscardHandler))
	publish(t, h, released, earlier)
	return h
}

// ask sends a request; headers are name and value in turn.
func ask(h http.Handler, method, target string, headers ...string) *http.Response {
	r := httptest.NewRequest(method, target, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t testing.TB, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestGolden: what small queries are answered, with the headers.
func TestGolden(t *testing.T) {
	h := handler(t)
	for name, q := range map[string]struct{ target, accept string }{
		"series.xml":        {"/data/dataflow/OAS/TIP/1.0.0/A.ARG.VICTIMS_DETECTED?c[TIME_PERIOD]=ge:2021", "application/vnd.sdmx.data+xml;version=3.0.0"},
		"old-generic.xml":   {"/data/dataflow/OAS/TIP/1.0.0/A.ARG.VICTIMS_DETECTED?c[TIME_PERIOD]=ge:2021", "application/vnd.sdmx.genericdata+xml;version=2.1"},
		"old-flat.xml":      {"/data/datastructure/OAS/TIP/+/A.ARG?c[OBS_VALUE]=gt:0&attributes=OBS_STATUS&dimensionAtObservation=AllDimensions&limit=3", "application/vnd.sdmx.genericdata+xml"},
		"old-specific.xml":  {"/data/dataflow/OAS/TIP/1.0.0/A.ARG.VICTIMS_DETECTED?c[TIME_PERIOD]=ge:2021", "application/vnd.sdmx.structurespecificdata+xml;version=2.1"},
		"old.csv":           {"/data/dataflow/OAS/TIP/1.0.0/A.ARG.VICTIMS_DETECTED?c[TIME_PERIOD]=ge:2021", "application/vnd.sdmx.data+csv;version=1.0.0"},
		"old-stub.xml":      {"/structure/datastructure?detail=allstubs&references=children", "application/vnd.sdmx.structure+xml;version=2.1"},
		"flat.csv":          {"/data/datastructure/OAS/TIP/+/A.ARG?c[OBS_VALUE]=gt:0&attributes=OBS_STATUS&dimensionAtObservation=AllDimensions&limit=3", "text/csv"},
		"flat.json":         {"/data/*/*/*/*/A.ARG?dimensionAtObservation=AllDimensions&limit=2&attributes=none", "application/json"},
		"keys.json":         {"/data/dataflow/OAS/TIP/~/A.ARG?attributes=none&measures=none", ""},
		"keys.xml":          {"/data/dataflow/OAS/TIP/~/A.ARG?attributes=none&measures=none&offset=1&limit=2", "application/xml"},
		"stub.xml":          {"/structure/datastructure?detail=allstubs&references=children", "application/xml"},
		"item.json":         {"/structure/codelist/OAS/CL_SEX/~/F,M", "application/vnd.sdmx.structure+json;version=2+.0.0"},
		"availability.xml":  {"/availability/dataflow/OAS/TIP/1.0.0/A.ARG/REF_AREA,SEX,TIME_PERIOD?references=codelist", "application/vnd.sdmx.structure+xml;version=3.0.0"},
		"availability.json": {"/availability/dataflow/OAS/TIP/1.0.0/A.ARG/REF_AREA,INDICATOR?mode=available", ""},
		"metadata.json":     {"/metadata/metadataset/OAS?detail=allstubs", ""},
		"metadata.xml":      {"/metadata/metadataset/OAS/MDS_TIP_ARG_UNODC?detail=allstubs", "application/xml"},
		"wrong.json":        {"/data/dataflow/OAS/TIP/1.0.0/A.ARG?c[NOSUCH]=1", ""},
		"nothing.xml":       {"/data/dataflow/OAS/TIP/1.0.0/A.XXX", "application/vnd.sdmx.data+xml;version=3.0.0, */*;q=0.1"},
	} {
		t.Run(name, func(t *testing.T) {
			var headers []string
			if q.accept != "" {
				headers = []string{"Accept", q.accept}
			}
			r := ask(h, "GET", q.target, headers...)
			var b bytes.Buffer
			b.WriteString("GET " + q.target + "\n" + r.Status + "\n")
			for _, name := range []string{"Content-Type", "Content-Language", "Last-Modified", "Vary", "Cache-Control"} {
				b.WriteString(name + ": " + strings.Join(r.Header.Values(name), ", ") + "\n")
			}
			b.WriteString("\n" + body(t, r))
			golden.Compare(t, name, b.Bytes())
		})
	}
}

// TestStatus: what each wrong query is answered with.
func TestStatus(t *testing.T) {
	h := handler(t)
	data := "/data/dataflow/OAS/TIP/1.0.0/"
	for _, c := range []struct {
		method, target string
		status         int
		headers        []string
	}{
		{"GET", "/data/dataflow/OAS/TIP", 200, nil},
		{"GET", "/data/dataflow/OAS/TIP/~/", 200, nil},
		{"GET", "/data/dataflow/OAS/TIP/1+.0.0/*", 200, nil},
		{"HEAD", data + "A.ARG", 200, nil},
		{"OPTIONS", data, 204, nil},
		{"POST", data, 405, nil},
		{"DELETE", "/structure/codelist", 405, nil},
		{"GET", "/", 404, nil},
		{"GET", "/dataflow/OAS/TIP", 404, nil},
		{"GET", "/data/dataflow/OAS/TIP/2.0.0", 404, nil},
		{"GET", "/data/dataflow/OAS/TIP/1.0.0.0", 400, nil},
		{"GET", "/data/nosuch/OAS/TIP", 400, nil},
		{"GET", "/data/provisionagreement/OAS/TIP_ARG_OTHER", 501, nil},
		{"GET", data + "A.ARG/x/y", 400, nil},
		{"GET", data + "A..VICTIMS_DETECTED", 200, nil},
		{"GET", data + "A.ARG,", 400, nil},
		{"GET", data + "A+M.ARG", 400, nil},
		{"GET", data + strings.Repeat("*.", 20) + "*", 422, nil},
		{"GET", data + "A.ARG,A.PER", 200, nil},
		{"GET", data + "A.XXX", 404, nil},
		{"GET", data + "*?c%5BREF_AREA%5D=ARG", 200, nil},
		{"GET", data + "*?c[OBS_VALUE]=many", 422, nil},
		{"GET", data + "*?c[TIME_PERIOD]=ge:yesterday", 422, nil},
		{"GET", data + "*?c[FREQ]=", 400, nil},
		{"GET", data + "*?c[FREQ]=A&c[FREQ]=M", 400, nil},
		{"GET", data + "*?startPeriod=2020", 400, nil},
		{"GET", data + "*?limit=0", 400, nil},
		{"GET", data + "*?limit=%zz", 400, nil},
		{"GET", data + "*?lastNObservations=1&firstNObservations=1", 200, nil},
		{"GET", data + "*?dimensionAtObservation=SEX", 501, nil},
		{"GET", data + "*?dimensionAtObservation=NOSUCH", 422, nil},
		{"GET", data + "*?attributes=NOSUCH", 422, nil},
		{"GET", data + "*?attributes=all,NOSUCH", 422, nil},
		{"GET", data + "*?attributes=obs,NOSUCH", 422, nil},
		{"GET", data + "*?attributes=all,OBS_STATUS", 200, nil},
		{"GET", data + "*?attributes=OBS_VALUE", 422, nil},
		{"GET", data + "*?measures=all,NOSUCH", 422, nil},
		{"GET", data + "*?measures=all,OBS_VALUE", 200, nil},
		{"GET", data + "*?includeHistory=true", 501, nil},
		{"GET", data + "*?includeHistory=perhaps", 400, nil},
		{"GET", data + "*?asOf=2020-01-01T00:00:00Z", 501, nil},
		{"GET", data + "*?sort=series_key", 200, nil},
		{"GET", data + "*?sort=SEX:desc", 501, nil},
		{"GET", data + "*?updatedAfter=2000-01-01T00:00:00%2B01:00", 200, nil},
		{"GET", data + "*?updatedAfter=2100-01-01", 404, nil},
		{"GET", data + "*?updatedAfter=soon", 400, nil},
		{"GET", data + "*", 406, []string{"Accept", "application/vnd.sdmx.genericdata+xml;version=2.0"}},
		{"GET", data + "*", 200, []string{"Accept", "application/vnd.sdmx.genericdata+xml;version=2.1"}},
		{"GET", data + "*", 406, []string{"Accept", "application/vnd.sdmx.data+csv;version=1.0.0;labels=both"}},
		{"GET", "/availability/dataflow/OAS/TIP", 406, []string{"Accept", "application/vnd.sdmx.structure+xml;version=2.1"}},
		{"GET", data + "*", 406, []string{"Accept", "application/vnd.sdmx.data+csv;version=2.0.0;labels=both"}},
		{"GET", data + "*", 406, []string{"Accept", "application/json;q=0"}},
		{"GET", data + "*", 200, []string{"Accept", "application/vnd.sdmx.data+csv;version=2.0.0;labels=id"}},
		{"GET", data + "*", 200, []string{"Accept", "application/vnd.sdmx.data+json;version=2.0"}},
		{"GET", "/structure/../..", 400, nil},
		{"GET", "/structure//OAS", 400, nil},
		{"GET", "/structure/", 200, nil},
		{"GET", "/structure/*/OAS", 200, nil},
		{"GET", "/structure/codelist/OAS/CL_SEX/~/NOSUCH", 404, nil},
		{"GET", "/structure/hierarchy", 404, nil},
		{"GET", "/structure/nosuch", 400, nil},
		{"GET", "/structure/codelist?references=nosuch", 400, nil},
		{"GET", "/structure/codelist?detail=nosuch", 400, nil},
		{"GET", "/structure/codelist/OAS/CL_SEX/~/F/x", 400, nil},
		{"GET", "/structure/codelist/OAS,,SDMX", 400, nil},
		{"GET", "/availability/dataflow/OAS/TIP/1.0.0/A.ARG/OBS_STATUS", 422, nil},
		{"GET", "/availability/dataflow/OAS/TIP/1.0.0/A.XXX", 404, nil},
		{"GET", "/availability/dataflow/OAS/TIP?mode=nosuch", 400, nil},
		{"GET", "/availability/dataflow/OAS/TIP?references=nosuch", 400, nil},
		{"GET", "/metadata", 400, nil},
		{"GET", "/metadata/metadataset/NOSUCH", 404, nil},
		{"GET", "/metadata/metadataflow/OAS/MDF_TIP/+/OAS", 200, nil},
		{"GET", "/metadata/structure/provisionagreement/OAS", 200, nil},
		{"GET", "/metadata/structure/dataflow/OAS", 404, nil},
		{"GET", "/schema/dataflow/OAS/TIP/+?dimensionAtObservation=AllDimensions", 200, nil},
		{"GET", "/schema/dataflow/*/TIP", 400, nil},
		{"GET", "/schema/metadataflow/OAS/MDF_TIP", 501, nil},
		{"GET", "/schema/dataflow/OAS/TIP?deletion=true", 501, nil},
		{"GET", "/registration/id/1", 501, nil},
		{"GET", "/registration/", 501, nil},
		{"GET", "/registration", 501, nil},
		{"POST", "/registration", 405, nil},
		{"GET", "/data/" + strings.Repeat("x", 9000), 414, nil},
	} {
		r := ask(h, c.method, c.target, c.headers...)
		said := body(t, r)
		if r.StatusCode != c.status {
			t.Errorf("%s %.80s %q: %d, want %d: %.200s", c.method, c.target, c.headers, r.StatusCode, c.status, said)
		}
		if r.Header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: no CORS", c.target)
		}
		if (c.method == "HEAD" || c.method == "OPTIONS") != (said == "") {
			t.Errorf("%s %s: body %q", c.method, c.target, said)
		}
		if c.status >= 400 && r.Header.Get("ETag") != "" {
			t.Errorf("%s: a fault has an ETag", c.target)
		}
	}
	r := ask(rest.New(slog.New(slog.DiscardHandler)), "GET", "/data")
	body, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != 503 || r.Header.Get("Retry-After") == "" || bytes.Contains(body, []byte("1970")) || !bytes.Contains(body, []byte(`"id": "OAS"`)) {
		t.Errorf("before anything was published: %d, %s, %v", r.StatusCode, body, err)
	}
}

// TestNegotiation: what is chosen by Accept and Accept-Language.
func TestNegotiation(t *testing.T) {
	h := handler(t)
	for accept, want := range map[string]string{
		"*/*":                            "application/vnd.sdmx.data+json;version=2.0.0",
		"application/xml":                "application/xml",
		"text/csv, */*;q=0.5":            "text/csv",
		"text/*":                         "application/vnd.sdmx.data+csv;version=2.0.0",
		"application/*;q=0.2, */*;q=0.1": "application/vnd.sdmx.data+json;version=2.0.0",
		"application/vnd.sdmx.data+csv;version=2.0.0;q=0.9, application/vnd.sdmx.data+xml;version=3.0.0;q=0.8": "application/vnd.sdmx.data+csv;version=2.0.0",
		"application/vnd.sdmx.data+json;version=1.0.0, application/vnd.sdmx.data+xml;q=0.1":                    "application/vnd.sdmx.data+xml;version=3.0.0",
		"application/vnd.sdmx.data+xml;version=2.1+.0, application/vnd.sdmx.data+xml;version=3.0.0+;q=0.3":     "application/vnd.sdmx.data+xml;version=3.0.0",
		"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8":                                      "application/xml",
		"application/vnd.sdmx.data+csv;version=2":                                                              "application/vnd.sdmx.data+csv;version=2.0.0",
		"application/vnd.sdmx.data+csv;version=2.*":                                                            "application/vnd.sdmx.data+csv;version=2.0.0",
		"application/vnd.sdmx.data+csv;version=2.*.*":                                                          "application/vnd.sdmx.data+csv;version=2.0.0",
		"application/vnd.sdmx.data+csv;version=2.0.*":                                                          "application/vnd.sdmx.data+csv;version=2.0.0",
		"application/vnd.sdmx.data+csv;version=2+":                                                             "application/vnd.sdmx.data+csv;version=2.0.0",
		"application/vnd.sdmx.data+csv;version=1":                                                              "application/vnd.sdmx.data+csv;version=1.0.0",
		"application/vnd.sdmx.data+xml;version=*":                                                              "application/vnd.sdmx.data+xml;version=3.0.0",
		"application/vnd.sdmx.data+csv;version=3.*, */*;q=0.1":                                                 "application/vnd.sdmx.data+json;version=2.0.0",
		"application/vnd.sdmx.data+json;q=0, */*":                                                              "application/vnd.sdmx.data+xml;version=3.0.0",
	} {
		if got := ask(h, "GET", "/data?c[REF_AREA]=ARG", "Accept", accept).Header.Get("Content-Type"); got != want {
			t.Errorf("Accept %s: %s, want %s", accept, got, want)
		}
	}
	for accept, want := range map[string]string{"": "en", "fr": "fr", "de, pt-BR;q=0.5": "pt", "es-MX": "es", "ja": "en"} {
		r := ask(h, "GET", "/structure/codelist/OAS/CL_SEX", "Accept-Language", accept)
		if got := r.Header.Get("Content-Language"); got != want {
			t.Errorf("Accept-Language %s: %s, want %s", accept, got, want)
		}
		if want == "es" && !strings.Contains(body(t, r), `"name": "Sexo"`) {
			t.Error("the names are not in Spanish")
		}
	}
}

// TestUnchanged: who has the newest is told so, by date or by tag; each representation
// has its own tag.
func TestUnchanged(t *testing.T) {
	h := handler(t)
	const target = "/data/dataflow/OAS/TIP/1.0.0/A.ARG"
	first := ask(h, "GET", target)
	etag, modified := first.Header.Get("ETag"), first.Header.Get("Last-Modified")
	when, err := http.ParseTime(modified)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		status  int
		headers []string
	}{
		{304, []string{"If-Modified-Since", modified}},
		{304, []string{"If-Modified-Since", when.Add(time.Hour).Format(http.TimeFormat)}},
		{200, []string{"If-Modified-Since", when.Add(-time.Second).Format(http.TimeFormat)}},
		{200, []string{"If-Modified-Since", "yesterday"}},
		{304, []string{"If-None-Match", etag}},
		{304, []string{"If-None-Match", `"other", ` + etag}},
		{304, []string{"If-None-Match", "*"}},
		{200, []string{"If-None-Match", `"other"`, "If-Modified-Since", modified}},
		{200, []string{"If-None-Match", etag, "Accept", "text/csv"}},
	} {
		r := ask(h, "GET", target, c.headers...)
		if said := body(t, r); r.StatusCode != c.status || (said == "") != (c.status == 304) || r.Header.Get("Last-Modified") != modified {
			t.Errorf("%q: %d", c.headers, r.StatusCode)
		}
	}
	publish(t, h, table.Params{Control: released.Control, States: []string{"ARG"}}, later)
	if r := ask(h, "GET", target, "If-None-Match", etag); r.StatusCode != 200 {
		t.Errorf("another export has the same tag: %d", r.StatusCode)
	}
	// No file is newer, but less may be told: who has the answer of before is told so.
	for header, value := range map[string]string{"If-Modified-Since": modified, "If-None-Match": etag} {
		if r := ask(h, "GET", target, header, value); r.StatusCode != 200 || r.Header.Get("Last-Modified") != later.Format(http.TimeFormat) {
			t.Errorf("%s: %d, %s", header, r.StatusCode, r.Header.Get("Last-Modified"))
		}
	}
	if r := ask(h, "GET", target+"?updatedAfter="+later.Add(-time.Hour).Format(time.RFC3339)); r.StatusCode != 200 {
		t.Errorf("updatedAfter: %d", r.StatusCode)
	}
	publish(t, h, table.Params{Control: released.Control, States: []string{"ARG"}}, later.Add(time.Hour))
	if r := ask(h, "GET", target); r.Header.Get("Last-Modified") != later.Format(http.TimeFormat) {
		t.Errorf("the same export is of another time: %s", r.Header.Get("Last-Modified"))
	}
	// Another one is of another time, whatever the clock says, and never of an earlier one.
	publish(t, h, released, earlier)
	if r := ask(h, "GET", target); r.Header.Get("Last-Modified") != later.Add(time.Second).Format(http.TimeFormat) {
		t.Errorf("another export: %s", r.Header.Get("Last-Modified"))
	}
}

// TestManyAtOnce: many read while others are published, and each gets one of the two
// whole. The race detector looks on.
func TestManyAtOnce(t *testing.T) {
	h := rest.New(slog.New(slog.DiscardHandler))
	all, digest := frozen(t, released)
	some, other := frozen(t, table.Params{Control: released.Control, States: []string{"ARG", "PER"}})
	targets := []string{"/data", "/structure/*?references=all&detail=referencepartial", "/availability/dataflow/OAS/TIP?mode=available&references=all", "/metadata/metadataset"}
	want := map[string]map[string]bool{}
	for _, target := range targets {
		want[target] = map[string]bool{}
		for _, e := range []func(){func() { h.Publish(all, digest, later) }, func() { h.Publish(some, other, later) }} {
			e()
			want[target][body(t, ask(h, "GET", target, "Accept-Language", "pt"))] = true
		}
		if len(want[target]) != 2 {
			t.Errorf("%s: both exports give the same", target)
		}
	}
	var group sync.WaitGroup
	for i := range 16 {
		group.Go(func() {
			if i%4 == 0 {
				h.Publish(all, digest, later)
				h.Publish(some, other, later)
			}
			target := targets[i%len(targets)]
			if got := body(t, ask(h, "GET", target, "Accept-Language", "pt")); !want[target][got] {
				t.Errorf("%s: neither of both", target)
			}
			ask(h, "GET", target, "Accept-Language", "fr")
		})
	}
	group.Wait()
}

// TestGzip: it is compressed for who takes that.
func TestGzip(t *testing.T) {
	r := ask(handler(t), "GET", "/data", "Accept-Encoding", "gzip")
	if got := body(t, r); r.Header.Get("Content-Encoding") != "gzip" || !strings.HasPrefix(got, "\x1f\x8b") {
		t.Errorf("%s %.4q", r.Header.Get("Content-Encoding"), got)
	}
	if !strings.Contains(strings.Join(r.Header.Values("Vary"), ","), "Accept-Encoding") {
		t.Errorf("Vary: %q", r.Header.Values("Vary"))
	}
}

// TestLog: one line a request, without its parameters.
func TestLog(t *testing.T) {
	var b bytes.Buffer
	h := rest.New(slog.New(slog.NewTextHandler(&b, nil)))
	publish(t, h, released, later)
	ask(h, "GET", "/data/dataflow/OAS/TIP/1.0.0/A.ARG?c[SEX]=F", "User-Agent", "someone")
	_, line, _ := strings.Cut(b.String(), "level=")
	if want := "INFO msg=request method=GET path=/data/dataflow/OAS/TIP/1.0.0/A.ARG status=200\n"; line != want {
		t.Errorf("%q, want %q", line, want)
	}
}
