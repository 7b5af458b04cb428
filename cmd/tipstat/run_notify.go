package main

import (
	"cmp"
	"context"
	"encoding/json"
	"os"
	"path"
	"path/filepath"
	"slices"
	"time"

	"github.com/oas/tipstat/ingest/batch"
	"github.com/oas/tipstat/ingest/notice"
)

// notifyConfig is what tipstat.yaml says of notices. Secrets are in the environment.
type notifyConfig struct {
	Webhook string        `yaml:"webhook"`
	Mail    *mailConfig   `yaml:"mail"`
	Timeout time.Duration `yaml:"timeout"`
}

type mailConfig struct {
	Server string   `yaml:"server"`
	From   string   `yaml:"from"`
	To     []string `yaml:"to"`
	User   string   `yaml:"user"`
	TLS    string   `yaml:"tls"`
}

// Secrets of notices, by environment variable.
const (
	envWebhook  = "TIPSTAT_WEBHOOK_URL"
	envToken    = "TIPSTAT_WEBHOOK_TOKEN"
	envPassword = "TIPSTAT_SMTP_PASSWORD"
)

// noticeTimeout is how long a notice may take.
const noticeTimeout = 15 * time.Second

func (m *mailConfig) mail() notice.Mail {
	return notice.Mail{Server: m.Server, From: m.From, To: m.To, User: m.User, TLS: m.TLS, Password: os.Getenv(envPassword)}
}

// check says before a run what of the notices can't be.
func (n notifyConfig) check(file string) error {
	if n.Timeout < 0 {
		return usagef("%s: notify.timeout %s: want a time above zero, such as 15s", file, n.Timeout)
	}
	if n.Mail == nil {
		return nil
	}
	if err := n.Mail.mail().Check(); err != nil {
		return usagef("%s: notify: %w", file, err)
	}
	return nil
}

// runNotice says what became of a notice.
type runNotice struct {
	Kind  string `json:"kind"`             // webhook or mail
	Of    string `json:"run_id,omitempty"` // an earlier run, whose notice could not be sent then
	Error string `json:"error,omitempty"`
}

// unsent is a notice that the next run sends again.
type unsent struct {
	Kind   string `json:"kind"`
	Report string `json:"report"` // in the folder of the runs
}

// mostUnsent is how many notices are kept to be sent again; the newest are.
const mostUnsent = 50

// channels are the ways in which notices go out.
func (b *batchRun) channels() map[string]func(context.Context, *runReport) error {
	out := map[string]func(context.Context, *runReport) error{}
	n := b.c.Notify
	if url := cmp.Or(os.Getenv(envWebhook), n.Webhook); url != "" {
		out["webhook"] = func(ctx context.Context, told *runReport) error {
			body, err := json.Marshal(told)
			if err != nil {
				return err
			}
			return notice.Webhook{URL: url, Token: os.Getenv(envToken)}.Post(ctx, body, "tipstat/"+b.report.Version)
		}
	}
	if n.Mail != nil {
		out["mail"] = func(ctx context.Context, told *runReport) error {
			subject := b.word("run_subject", "refused", told.Counts.Refused, "failed", told.Counts.Failed)
			if told.Fault != "" {
				subject = b.word("run_subject_failed")
			}
			return n.Mail.mail().Send(ctx, subject, b.runText(told))
		}
	}
	return out
}

// notify tells of refusals and failures, and before them of those of earlier runs that could
// not be told then. That a notice can't be sent fails nothing, and is told.
func (b *batchRun) notify(ctx context.Context) {
	r := b.report
	bad := r.Outcome == runRefused || r.Outcome == runFailed
	if !bad && len(b.state.Unsent) == 0 {
		return
	}
	ways, waiting := b.channels(), map[string][]unsent{}
	for _, u := range b.state.Unsent {
		waiting[u.Kind] = append(waiting[u.Kind], u)
	}
	b.state.Unsent = nil
	for _, kind := range []string{"webhook", "mail"} { // a mail tells of a webhook that fails
		if ways[kind] == nil { // not asked for in this run, as one by hand: the next may
			b.state.Unsent = append(b.state.Unsent, waiting[kind]...)
			continue
		}
		ctx, stop := context.WithTimeout(ctx, cmp.Or(b.c.Notify.Timeout, noticeTimeout))
		reached := true // else nothing more is tried by this way
		for _, u := range waiting[kind] {
			told, err := b.kept(u.Report)
			if err != nil { // deleted, most likely
				b.log.Warn("notice given up", "report", u.Report, "kind", kind, "error", err.Error())
				continue
			}
			if reached = reached && b.send(ctx, kind, told.RunID, ways[kind], told); !reached {
				b.state.Unsent = append(b.state.Unsent, u)
			}
		}
		if bad && !(reached && b.send(ctx, kind, "", ways[kind], r)) {
			b.missed = append(b.missed, kind)
		}
		stop()
	}
}

// send sends one notice, and keeps what became of it.
func (b *batchRun) send(ctx context.Context, kind, of string, how func(context.Context, *runReport) error, r *runReport) bool {
	sent := runNotice{Kind: kind, Of: of}
	if err := how(ctx, b.outside(r)); err != nil {
		sent.Error = err.Error()
		b.log.Error("notice failed", "run", r.RunID, "kind", kind, "error", sent.Error)
	} else {
		b.log.Info("notice sent", "run", r.RunID, "kind", kind)
	}
	b.report.Notices = append(b.report.Notices, sent)
	return sent.Error == ""
}

// kept reads the report of an earlier run.
func (b *batchRun) kept(name string) (*runReport, error) {
	var r runReport
	j, err := os.ReadFile(filepath.Join(b.c.path(b.c.Runs), filepath.Base(name)))
	if err == nil {
		err = json.Unmarshal(j, &r)
	}
	r.Notices = nil
	return &r, err
}

// again keeps which notices of this run are to be sent by the next.
func (b *batchRun) again() {
	for _, kind := range b.missed {
		b.state.Unsent = append(b.state.Unsent, unsent{kind, path.Base(b.report.Report)})
	}
	if more := len(b.state.Unsent) - mostUnsent; more > 0 {
		b.log.Warn("notices given up", "count", more)
		b.state.Unsent = slices.Delete(b.state.Unsent, 0, more)
	}
}

// outside is a report as it may leave the house: without what disclosure control told,
// and without the texts of errors, of which others wrote a part.
func (b *batchRun) outside(r *runReport) *runReport {
	told := *r
	see := b.word("run_see", "folder", b.c.Runs)
	told.Files = append([]batch.Item{}, told.Files...)
	for i, f := range told.Files {
		if f.Fault != "" {
			told.Files[i].Fault = see
		}
		if f.Persons { // whoever has its form could try what it holds against its hash
			told.Files[i].SHA256 = ""
		}
	}
	if told.Published != nil {
		p := *told.Published
		p.Said = nil
		if p.Held != "" {
			p.Held = b.word("run_held")
		}
		told.Published = &p
	}
	if told.Fault != "" {
		told.Fault = see
	}
	return &told
}
