package rest

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/oas/tipstat/reports/sdmx"
)

// fault is why a query is not answered: an HTTP status, as status.md has them, and what
// the client did.
type fault struct {
	status int
	detail string
}

func (f *fault) Error() string { return f.detail }

func faultf(status int, format string, args ...any) *fault {
	return &fault{status, fmt.Sprintf(format, args...)}
}

func syntax(format string, args ...any) *fault { return faultf(http.StatusBadRequest, format, args...) }
func semantic(format string, args ...any) *fault {
	return faultf(http.StatusUnprocessableEntity, format, args...)
}
func missing(format string, args ...any) *fault {
	return faultf(http.StatusNotImplemented, format, args...)
}

func nothing() *fault { return faultf(http.StatusNotFound, "nothing matches the query") }

// code is that of the SDMX error table (section 7 of the web services guidelines), which
// SDMX-ML wants; those above 1000 are the service's own.
func (f *fault) code() (code int, title string) {
	switch f.status {
	case http.StatusNotFound:
		return 100, "No results found"
	case http.StatusRequestEntityTooLarge:
		return 130, "Response too large"
	case http.StatusBadRequest, http.StatusRequestURITooLong:
		return 140, "Syntax error"
	case http.StatusUnprocessableEntity:
		return 150, "Semantic error"
	case http.StatusInternalServerError, http.StatusNotImplemented, http.StatusServiceUnavailable:
		return f.status, http.StatusText(f.status)
	}
	return 1000 + f.status, http.StatusText(f.status)
}

const messageNS, commonNS = "http://www.sdmx.org/resources/sdmxml/schemas/v3_0/message", "http://www.sdmx.org/resources/sdmxml/schemas/v3_0/common"

// fail answers with a fault, as SDMX-ML if the client prefers XML, else as SDMX-JSON. A
// client that asks for CSV gets JSON: SDMX-CSV has no errors. The message
// is prepared when the newest file was received, as all are; where there is no export yet,
// now.
func (h *Handler) fail(w http.ResponseWriter, r *http.Request, f *fault) {
	code, title := f.code()
	var body []byte
	var err error
	head := w.Header()
	if m, bad := negotiate(r.Header.Get("Accept"), []media{errorJSON, errorXML}); bad == nil && m.format == "xml" {
		head.Set("Content-Type", m.said)
		body, err = xml.MarshalIndent(struct {
			XMLName xml.Name `xml:"mes:Error"`
			Mes     string   `xml:"xmlns:mes,attr"`
			Com     string   `xml:"xmlns:com,attr"`
			Message struct {
				Code int    `xml:"code,attr"`
				Text string `xml:"com:Text"`
			} `xml:"mes:ErrorMessage"`
		}{Mes: messageNS, Com: commonNS, Message: struct {
			Code int    `xml:"code,attr"`
			Text string `xml:"com:Text"`
		}{code, title + ": " + f.detail}}, "", " ")
		body = append([]byte(xml.Header), body...)
	} else {
		head.Set("Content-Type", errorJSON.said)
		if bad == nil {
			head.Set("Content-Type", m.said)
		}
		type status struct {
			Code   int    `json:"code"` // SDMX-JSON asks for the HTTP status
			Title  string `json:"title"`
			Detail string `json:"detail"`
		}
		type party struct {
			ID string `json:"id"`
		}
		type meta struct {
			ID       string    `json:"id"`
			Prepared time.Time `json:"prepared"`
			Sender   party     `json:"sender"`
		}
		about := meta{ID: fmt.Sprintf("ERROR_%d", code), Prepared: time.Now().UTC().Truncate(time.Second)}
		if s := h.now.Load(); s != nil {
			about.Prepared = s.export.Prepared
		}
		agency, err2 := sdmx.Agency()
		about.Sender.ID = agency
		body, err = json.MarshalIndent(struct {
			Meta   meta     `json:"meta"`
			Errors []status `json:"errors"`
		}{about, []status{{f.status, fmt.Sprintf("%d %s", code, title), f.detail}}}, "", " ")
		err = errors.Join(err, err2)
	}
	if err != nil { // of our own texts there is none
		body = nil
	}
	head.Del("ETag")
	head.Del("Last-Modified")
	head.Set("Cache-Control", "no-store")
	w.WriteHeader(f.status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(append(body, '\n')) // the client has gone
	}
}
