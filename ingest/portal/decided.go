package portal

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/oas/tipstat/ingest/inbox"
	"github.com/oas/tipstat/ingest/portal/upload"
	"github.com/oas/tipstat/transform/store"
)

// decidedJSON is a decision as who sent the file is told it: not by whom, since they deal with
// an office.
type decidedJSON struct {
	Action store.Action `json:"action"`
	At     time.Time    `json:"decided_at"`
	Reason string       `json:"reason,omitempty"`
}

// decided tells what was decided about the figures of an upload, and whether they are
// withdrawn now.
func (s *Server) decided(ctx context.Context, u upload.Upload) (all []store.Decision, withdrawn bool, err error) {
	subs, err := s.House.Submissions(ctx, u.RefArea)
	if err != nil {
		return nil, false, err
	}
	read := map[string]bool{} // runs that read the bytes again: what they withdrew was an older reading
	stands := false
	for _, sub := range subs {
		if sub.SHA256 != u.SHA256 {
			continue
		}
		stands = stands || sub.Outcome != "withdrawn"
		withdrawn = true
		read[sub.RunID] = read[sub.RunID] || sub.ReprocessOf != ""
		all = append(all, sub.Decisions...)
	}
	all = slices.DeleteFunc(all, func(d store.Decision) bool { return read[d.RunID] })
	slices.SortStableFunc(all, func(a, b store.Decision) int { return a.At.Compare(b.At) })
	withdrawn = withdrawn && !stands
	return all, withdrawn, nil
}

// answerReceipt answers with a receipt, and what was decided since.
func (s *Server) answerReceipt(w http.ResponseWriter, r *http.Request, out receiptJSON) error {
	if out.Outcome == inbox.Accepted || out.Outcome == inbox.Already {
		all, withdrawn, err := s.decided(r.Context(), out.Upload)
		if err != nil {
			return err
		}
		out.Withdrawn = withdrawn
		for _, d := range all {
			out.Decisions = append(out.Decisions, decidedJSON{d.Action, d.At, d.Reason})
		}
	}
	return answerJSON(w, http.StatusOK, out)
}
