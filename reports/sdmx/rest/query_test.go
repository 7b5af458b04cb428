package rest

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/oas/tipstat/reports/sdmx"
)

func TestVersions(t *testing.T) {
	there := []string{"0.9.0", "1.0.0", "1.2.3", "1.10.0", "2.0.0", "2.1.0-draft", "1.0", "3"}
	for query, want := range map[string]string{
		"1.0.0": "1.0.0", "1.0": "1.0", "3": "3", "2.1.0-draft": "2.1.0-draft", "9": "",
		"+": "2.0.0", "+.0.0": "2.0.0", "1.+.0": "1.10.0", "1.2.+": "1.2.3", "1+.5.0": "2.0.0", "1.2+.0": "1.10.0", "1.2.1+": "1.2.3", "1.2.4+": "",
		"~": "3", "~.0": "1.0", "~.0.0": "2.1.0-draft", "1.~": "1.0", "2~.0.0": "2.1.0-draft",
		"*": "0.9.0 1.0.0 1.2.3 1.10.0 2.0.0 2.1.0-draft 1.0 3", "*.0": "1.0", "1.*.0": "1.0.0 1.2.3 1.10.0", "1.2*.0": "1.2.3 1.10.0",
		"1.0.0,+": "1.0.0 2.0.0",
	} {
		vs, err := parseVersions(query)
		if err != nil {
			t.Errorf("%s: %v", query, err)
			continue
		}
		if got := strings.Join(vs.choose(there), " "); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
	for _, wrong := range []string{"", "1.", "a", "1.0.0.0", "1+.0+", "1,,2", "-1", "1.0.0+-x", "99999999999"} {
		if vs, err := parseVersions(wrong); err == nil {
			t.Errorf("%q: %v", wrong, vs)
		}
	}
}

func TestFilters(t *testing.T) {
	code, number, period := sdmx.Component{ID: "SEX", Codelist: "CL_SEX"}, sdmx.Component{ID: "OBS_VALUE", Number: true}, sdmx.Component{ID: "TIME_PERIOD", Role: sdmx.Time}
	for _, c := range []struct {
		of     sdmx.Component
		filter string
		takes  string
		leaves string
	}{
		{code, "F", "F", "M _T -"}, {code, "F,M", "F M", "_T -"}, {code, "ne:F", "M _T -", "F"}, {code, "ne:F+ne:M", "_T", "F M"}, {code, "ne:F,F", "F M", ""},
		{code, "ge:F+le:M", "F G M", "A Z -"}, {code, "gt:F", "G", "F A -"}, {code, "lt:F", "A", "F G -"},
		{code, "co:ab", "xaby ab", "a b -"}, {code, "nc:ab", "a -", "ab"}, {code, "sw:ab", "abc", "cab -"}, {code, "ew:ab", "cab", "abc -"}, {code, "A,B+C", "A", "B C"},
		{code, "x:y", "x:y", "y"},
		{number, "gt:5", "5.5 10", "5 4 -"}, {number, "5.0", "5 5.00", "-"}, {number, "ne:5", "4 -", "5"}, {number, "le:-1", "-1 -2", "0 -"},
		{period, "2020", "2020", "2020-01 2021"}, {period, "ne:2020", "2020-01", "2020"},
		{period, "ge:2020", "2020 2020-01 2020-Q4 2021", "2019 2019-12"}, {period, "gt:2020", "2021 2021-01", "2020 2020-12"},
		{period, "le:2020", "2019 2020 2020-12 2020-Q4", "2021 2021-01"}, {period, "lt:2020", "2019 2019-12", "2020 2020-01"},
		{period, "ge:2020-07-01+le:2020-12-31", "2020-07 2020-Q3 2020-S2", "2020 2020-06"}, {period, "ge:2020-Q3", "2020-07 2021", "2020-06 2020"},
		{period, "ge:2020-01-01T00:00:00", "2020", "2019"},
	} {
		m, err := parseFilter(c.of, c.filter)
		if err != nil {
			t.Errorf("%s: %v", c.filter, err)
			continue
		}
		for want, values := range map[bool]string{true: c.takes, false: c.leaves} {
			for _, v := range strings.Fields(values) {
				if v == "-" {
					v = ""
				}
				if m(v) != want {
					t.Errorf("c[%s]=%s takes %q: %v", c.of.ID, c.filter, v, !want)
				}
			}
		}
	}
}

// FuzzQuery: whatever is asked, the parsers give something to match with or a fault of
// the client, and what they give takes any value.
func FuzzQuery(f *testing.F) {
	for _, seed := range [][3]string{
		{"A.ARG.*", "c[TIME_PERIOD]=ge:2020-01+le:2020-12&c[SEX]=F,M&limit=3", "1.2+.0"}, {"A..B", "c%5BOBS_VALUE%5D=gt:1e999", "~"}, {"*", "a=%zz&c[]=&&=", "1.0.0-a.b"},
		{"%2E", "updatedAfter=2020-01-01T00:00:00%2B01:00", "application/json;q=0.1,*/*"},
	} {
		f.Add(seed[0], seed[1], seed[2])
	}
	components := []sdmx.Component{{ID: "SEX"}, {ID: "OBS_VALUE", Role: sdmx.Measure, Number: true}, {ID: "TIME_PERIOD", Role: sdmx.Time}}
	f.Fuzz(func(t *testing.T, key, query, version string) {
		client := func(err error) {
			if f, ok := err.(*fault); err != nil && (!ok || f.status < 400 || f.status >= 500) {
				t.Errorf("%q %q %q: %v", key, query, version, err)
			}
		}
		keys, err := parseKeys(key, 15)
		client(err)
		for _, k := range keys {
			if len(k) == 0 || len(k) > 15 {
				t.Errorf("key %q: %d parts", key, len(k))
			}
			for _, m := range k {
				_ = m == nil || m("A")
			}
		}
		p, err := parseParams(query, "c", "limit", "updatedAfter")
		client(err)
		for _, said := range p.filters {
			for _, c := range components {
				m, err := parseFilter(c, said)
				if client(err); err == nil {
					_, _, _ = m(""), m("2020"), m(said)
				}
			}
		}
		_, err = p.number("limit", 1)
		client(err)
		_, err = p.moment("updatedAfter")
		client(err)
		vs, err := parseVersions(version)
		if client(err); err == nil {
			vs.choose([]string{"1.0.0", "1.0", version})
		}
		if _, f := negotiate(version, dataMedia); f != nil {
			client(f)
		}
		if _, err := segments(key); err != nil {
			client(err)
		}
	})
}

// FuzzPath: any path of a service without figures is answered, and never by a fault of
// ours.
func FuzzPath(f *testing.F) {
	for _, seed := range []string{"codelist/OAS/CL_SEX", "dataflow/*/*/~/A.*", "structure/*", "metadataset/OAS/TIP/+", ""} {
		f.Add(seed)
	}
	e := &sdmx.Export{}
	s := &snapshot{export: e, artefacts: map[string]sdmx.Artefact{"urn": {Class: "Codelist", Agency: "OAS", ID: "CL", Version: "1.0.0", URN: "urn", Items: []string{"A"}}}}
	f.Fuzz(func(t *testing.T, path string) {
		for _, name := range []string{"structure", "metadata"} {
			r := httptest.NewRequest("GET", "/", nil)
			r.URL.Path = "/" + name + "/" + path
			q, err := resources[name].query(r, name)
			if err == nil {
				_, err = resources[name].answer(t.Context(), s, q)
			}
			if err != nil {
				if f, ok := err.(*fault); !ok || f.status >= 500 {
					t.Errorf("%q: %v", path, err)
				}
			}
		}
	})
}
