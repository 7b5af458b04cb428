package portal

import (
	"net/http"
	"strings"

	"github.com/oas/tipstat/ingest/portal/access"
	"github.com/oas/tipstat/ingest/portal/upload"
)

// apiRoot is where the addresses for machines begin.
const apiRoot = "/api"

// machine lets in who has an API token. A cookie opens nothing here.
func (s *Server) machine(h func(w http.ResponseWriter, r *http.Request, by access.Actor, lang string) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := &page{Lang: langOf(r, "")}
		err := func() error {
			secret, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
			if !ok {
				secret = ""
			}
			by, err := s.Access.ByToken(r.Context(), strings.TrimSpace(secret))
			if err != nil {
				if limit := s.Access.Allow(s.caller(r)); limit != nil {
					return limit
				}
				return err
			}
			return h(w, r, by, langOf(r, by.Account().Lang))
		}()
		if err != nil {
			s.problem(w, r, p, err)
		}
	})
}

func (s *Server) apiSend(w http.ResponseWriter, r *http.Request, by access.Actor, lang string) error {
	a := by.Account()
	if a.RefArea == "" || !by.May(access.Upload, a.RefArea) {
		return access.ErrForbidden
	}
	all, err := s.receive(w, r, upload.Sender{RefArea: a.RefArea, Account: a.Name}, by)
	if err != nil {
		return err
	}
	out := []receiptJSON{}
	for _, u := range all {
		st, err := s.Desk.Status(u)
		if err != nil {
			return err
		}
		out = append(out, s.receiptOf(u, st, apiRoot, lang))
	}
	return answerJSON(w, http.StatusAccepted, out)
}

func (s *Server) apiReceipt(w http.ResponseWriter, r *http.Request, by access.Actor, lang string) error {
	u, st, err := s.find(r, by)
	if err == nil {
		st.Ahead, err = s.Desk.Ahead(u, st)
	}
	if err != nil {
		return err
	}
	return s.answerReceipt(w, r, s.receiptOf(u, st, apiRoot, lang))
}
