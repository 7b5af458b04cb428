package rest

import (
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// media is a representation that is offered: what it is called, and the generic types
// that may stand for it.
type media struct {
	kind, format, version string // application/vnd.sdmx.{kind}+{format};version={version}
	generic               []string
	said                  string // the Content-Type
}

func offered(kind, format, version string) media {
	m := media{kind: kind, format: format, version: version, said: "application/vnd.sdmx." + kind + "+" + format + ";version=" + version}
	switch format {
	case "json":
		m.generic = []string{"application/json"}
	case "xml":
		m.generic = []string{"application/xml", "text/xml"}
	case "csv":
		m.generic = []string{"text/csv"}
	}
	return m
}

// v21 is the version of SDMX-ML for clients that read nothing newer.
const v21 = "2.1"

// What is offered, the default first, as the Response types of each file of the
// specification have it. SDMX 2.1 must be asked for by its version, or by a name that
// SDMX 3.0 has not. It has no availability, and its reference metadata no stubs.
var (
	dataMedia = []media{offered("data", "json", "2.0.0"), offered("data", "xml", "3.0.0"), offered("data", "csv", "2.0.0"),
		offered("structurespecificdata", "xml", v21), offered("genericdata", "xml", v21), offered("data", "csv", "1.0.0")}
	structureMedia    = []media{offered("structure", "json", "2.0.0"), offered("structure", "xml", "3.0.0"), offered("structure", "xml", v21)}
	availabilityMedia = structureMedia[:2]
	metadataMedia     = []media{offered("metadata", "json", "2.0.0"), offered("metadata", "xml", "3.0.0")}
	schemaMedia       = append([]media{offered("schema", "xml", "3.0.0"), offered("schema", "xml", v21)}, structureMedia...)

	errorJSON = media{format: "json", said: "application/json", generic: []string{"application/json"}}
	errorXML  = media{format: "xml", said: "application/xml", generic: []string{"application/xml", "text/xml"}}
)

// negotiate chooses what the client prefers (RFC 9110, section 12.5.1): the highest q;
// among equals what is offered first.
func negotiate(accept string, offers []media) (media, *fault) {
	if strings.TrimSpace(accept) == "" {
		return offers[0], nil
	}
	best, bestQ := media{}, 0.0
	for _, o := range offers {
		q, specific, said := 0.0, -1, o.said
		for _, part := range split(accept, ',') {
			name, params, err := mime.ParseMediaType(part)
			if err != nil {
				continue // as if it were not there
			}
			if s := o.match(name, params); s > specific {
				specific, q, said = s, quality(params["q"]), o.said
				if s == generically {
					said = name
				}
			}
		}
		if q > bestQ {
			best, bestQ = o, q
			best.said = said
		}
	}
	if bestQ == 0 {
		var names []string
		for _, o := range offers {
			names = append(names, o.said)
		}
		return media{}, faultf(http.StatusNotAcceptable, "what is offered here: %s", strings.Join(names, ", "))
	}
	return best, nil
}

// How closely a part of Accept names what is offered.
const (
	notAtAll = iota - 1
	anything
	anyApplication
	generically
	byName
	byVersion
)

// match tells how closely a media range names what is offered. SDMX-CSV is offered
// with its default parameters alone.
func (m media) match(name string, params map[string]string) int {
	for parameter, value := range map[string]string{"labels": "id", "label": "id", "timeformat": "original", "keys": "none"} {
		if said, ok := params[parameter]; ok && m.format == "csv" && said != value {
			return notAtAll
		}
	}
	switch {
	case name == "*/*":
		return anything
	case name == "application/*", name == "text/*" && m.format == "csv":
		return anyApplication
	case name == "application/vnd.sdmx."+m.kind+"+"+m.format && m.kind != "", m.kind == "" && strings.HasSuffix(name, "+"+m.format):
		v, ok := params["version"]
		if !ok || m.version == "" {
			return byName
		}
		if alike(v, m.version) {
			return byVersion
		}
		if p, err := parseVersion(v); err != nil || !p.takes(m.version) {
			return notAtAll
		}
		return byVersion
	}
	if slices.Contains(m.generic, name) {
		return generically
	}
	return notAtAll
}

// alike tells whether a version is of those that a text means: * is any number, and so is
// what is left out at its end, as clients write 2.0 of 2.0.0.
func alike(said, version string) bool {
	got := strings.Split(version, ".")
	for i, part := range strings.Split(said, ".") {
		if part != "*" && (i >= len(got) || part != got[i]) {
			return false
		}
	}
	return true
}

func quality(s string) float64 {
	if s == "" {
		return 1
	}
	q, err := strconv.ParseFloat(s, 64)
	if err != nil || !(q >= 0 && q <= 1) {
		return 0
	}
	return q
}

// split parts a text at a sign that stands outside of quotes.
func split(s string, at rune) []string {
	quoted := false
	return strings.FieldsFunc(s, func(r rune) bool {
		if r == '"' {
			quoted = !quoted
		}
		return r == at && !quoted
	})
}
