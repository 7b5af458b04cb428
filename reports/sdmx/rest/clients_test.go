package rest_test

import (
	"net/http/httptest"
	"os"
	"os/exec"
	"testing"

	"github.com/oas/tipstat/testdata/golden"
)

// TestJavaScriptClient: sdmx-rest, a client of others for the API 2, gets what it asks for.
func TestJavaScriptClient(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not here: install Debian's nodejs and npm")
	}
	if _, err := os.Stat("testdata/node_modules/sdmx-rest"); err != nil {
		t.Skip("sdmx-rest is not here: npm ci --prefix reports/sdmx/rest/testdata")
	}
	server := httptest.NewServer(handler(t))
	defer server.Close()
	out, err := exec.Command(node, "testdata/client.js", server.URL).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	golden.Compare(t, "client.json", out)
}

// TestRClient: rsdmx reads the data as SDMX-ML 3.0 and 2.1, and the same as R reads from
// SDMX-CSV, and the structures as SDMX-ML 2.1: it knows none that are newer.
func TestRClient(t *testing.T) {
	program, err := exec.LookPath("Rscript")
	if err != nil {
		t.Skip("Rscript is not here: install Debian's r-base-core")
	}
	if exec.Command(program, "-e", "library(rsdmx)").Run() != nil {
		t.Skip("rsdmx is not here: install Debian's r-cran-rsdmx")
	}
	server := httptest.NewServer(handler(t))
	defer server.Close()
	out, err := exec.Command(program, "testdata/client.R", server.URL).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}
