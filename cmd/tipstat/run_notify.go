package main

import (
	"cmp"
	"context"
	"encoding/json"
	"os"
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
	Kind  string `json:"kind"` // webhook or mail
	Error string `json:"error,omitempty"`
}

// notify tells of refusals and failures. That a notice can't be sent fails nothing, and
// is told.
func (b *batchRun) notify(ctx context.Context) {
	r := b.report
	n := b.c.Notify
	url := cmp.Or(os.Getenv(envWebhook), n.Webhook)
	if r.Outcome != runRefused && r.Outcome != runFailed || url == "" && n.Mail == nil {
		return
	}
	told := b.outside()
	ctx, stop := context.WithTimeout(ctx, cmp.Or(n.Timeout, noticeTimeout))
	defer stop()
	send := func(kind string, how func() error) {
		sent := runNotice{Kind: kind}
		if err := how(); err != nil {
			sent.Error = err.Error()
			b.log.Error("notice failed", "run", r.RunID, "kind", kind, "error", sent.Error)
		} else {
			b.log.Info("notice sent", "run", r.RunID, "kind", kind)
		}
		r.Notices = append(r.Notices, sent)
	}
	if url != "" {
		send("webhook", func() error {
			body, err := json.Marshal(told)
			if err != nil {
				return err
			}
			return notice.Webhook{URL: url, Token: os.Getenv(envToken)}.Post(ctx, body, "tipstat/"+r.Version)
		})
	}
	if n.Mail != nil {
		send("mail", func() error {
			subject := b.word("run_subject", "refused", r.Counts.Refused, "failed", r.Counts.Failed)
			return n.Mail.mail().Send(ctx, subject, b.runText(told))
		})
	}
}

// outside is the report as it may leave the house: without what disclosure control told,
// and without the texts of errors, of which others wrote a part.
func (b *batchRun) outside() *runReport {
	told := *b.report
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
