package access

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// logged gives a house whose log has ten rows.
func logged(t *testing.T) *house {
	t.Helper()
	h := newHouse(t)
	for i := range 10 {
		h.clock.pass(time.Second)
		h.must(h.Record(t.Context(), Operator(), "submission.accepted", fmt.Sprintf("submission:%012x", i), "area=HND", fmt.Sprintf("rows=%d", i)))
	}
	return h
}

// TestTampering changes the log behind the Control's back; Verify names the first row.
func TestTampering(t *testing.T) {
	// What someone does who knows how the log is hashed.
	rehash := func(from int64, edit func(*Entry)) func(h *house) []string {
		return func(h *house) (queries []string) {
			entries, err := h.Log(h.t.(*testing.T).Context(), Operator(), 0, 100)
			h.must(err)
			previous := origin.Hash
			for i := len(entries) - 1; i >= 0; i-- {
				e := entries[i]
				if e.Seq == from {
					edit(&e)
				}
				hash := e.hashed(previous)
				if e.Seq >= from {
					queries = append(queries, fmt.Sprintf(`UPDATE audit_log SET detail = '%s', previous_hash = '%s', hash = '%s' WHERE seq = %d`, e.Detail, previous, hash, e.Seq))
				}
				previous = hash
			}
			return queries
		}
	}
	one := func(q string) func(*house) []string { return func(*house) []string { return []string{q} } }
	for name, tc := range map[string]struct {
		do     func(*house) []string
		anchor bool // is needed to find it
		want   *Fault
	}{
		"nothing":                {do: one(`SELECT 1`)},
		"updated with the same":  {do: one(`UPDATE audit_log SET detail = detail`)},
		"time changed":           {do: one(`UPDATE audit_log SET logged_at = logged_at + INTERVAL 1 MICROSECOND WHERE seq = 4`), want: &Fault{4, Changed}},
		"actor changed":          {do: one(`UPDATE audit_log SET actor = 'anonymous' WHERE seq = 4`), want: &Fault{4, Changed}},
		"action changed":         {do: one(`UPDATE audit_log SET action = 'sign-in' WHERE seq = 4`), want: &Fault{4, Changed}},
		"subject changed":        {do: one(`UPDATE audit_log SET subject = '' WHERE seq = 4`), want: &Fault{4, Changed}},
		"detail changed":         {do: one(`UPDATE audit_log SET detail = 'area=GTM' WHERE seq = 4`), want: &Fault{4, Changed}},
		"moved between fields":   {do: one(`UPDATE audit_log SET action = action || left(subject, 1), subject = subject[2:] WHERE seq = 4`), want: &Fault{4, Changed}},
		"hash changed":           {do: one(`UPDATE audit_log SET hash = repeat('0', 64) WHERE seq = 4`), want: &Fault{4, Changed}},
		"previous hash changed":  {do: one(`UPDATE audit_log SET previous_hash = repeat('0', 64) WHERE seq = 4`), want: &Fault{4, Changed}},
		"two changed":            {do: one(`UPDATE audit_log SET actor = 'anonymous' WHERE seq IN (7, 4)`), want: &Fault{4, Changed}},
		"the first changed":      {do: one(`UPDATE audit_log SET actor = 'anonymous' WHERE seq = 1`), want: &Fault{1, Changed}},
		"the last changed":       {do: one(`UPDATE audit_log SET actor = 'anonymous' WHERE seq = 10`), want: &Fault{10, Changed}},
		"one removed":            {do: one(`DELETE FROM audit_log WHERE seq = 4`), want: &Fault{4, Removed}},
		"the first removed":      {do: one(`DELETE FROM audit_log WHERE seq = 1`), want: &Fault{1, Removed}},
		"the first ones removed": {do: one(`DELETE FROM audit_log WHERE seq < 5`), want: &Fault{1, Removed}},
		"some removed":           {do: one(`DELETE FROM audit_log WHERE seq BETWEEN 4 AND 6`), want: &Fault{4, Removed}},
		"removed, the gap closed": {do: func(*house) []string {
			return []string{`DELETE FROM audit_log WHERE seq = 4`, `UPDATE audit_log SET seq = seq - 1 WHERE seq > 4`}
		}, want: &Fault{4, Changed}},
		"one put in":             {do: one(`INSERT INTO audit_log SELECT * REPLACE (repeat('f', 64) AS hash) FROM audit_log WHERE seq = 4`), want: &Fault{4, Inserted}},
		"one put in, first":      {do: one(`INSERT INTO audit_log SELECT * REPLACE (repeat('0', 64) AS hash) FROM audit_log WHERE seq = 4`), want: &Fault{4, Inserted}},
		"one there twice":        {do: one(`INSERT INTO audit_log FROM audit_log WHERE seq = 4`), want: &Fault{4, Inserted}},
		"one put in before all":  {do: one(`INSERT INTO audit_log SELECT * REPLACE (0 AS seq) FROM audit_log WHERE seq = 1`), want: &Fault{0, Inserted}},
		"one put in far below":   {do: one(`INSERT INTO audit_log SELECT * REPLACE (-99999 AS seq) FROM audit_log WHERE seq = 1`), want: &Fault{-99999, Inserted}},
		"one put in at the end":  {do: one(`INSERT INTO audit_log SELECT * REPLACE (11 AS seq) FROM audit_log WHERE seq = 10`), want: &Fault{11, Changed}},
		"one put in far above":   {do: one(`INSERT INTO audit_log SELECT * REPLACE (99999 AS seq) FROM audit_log WHERE seq = 10`), want: &Fault{11, Removed}},
		"two exchanged":          {do: one(`UPDATE audit_log SET seq = 9 - seq WHERE seq IN (4, 5)`), want: &Fault{4, Changed}},
		"changed, with its hash": {do: func(h *house) []string { return rehash(4, func(e *Entry) { e.Detail = "area=GTM" })(h)[:1] }, want: &Fault{4, Changed}},
		"made anew from there":   {do: rehash(4, func(e *Entry) { e.Detail = "area=GTM" }), anchor: true, want: &Fault{10, Rewritten}},
		"cut off at the end":     {do: one(`DELETE FROM audit_log WHERE seq > 7`), anchor: true, want: &Fault{8, Removed}},
		"the last one cut off":   {do: one(`DELETE FROM audit_log WHERE seq = 10`), anchor: true, want: &Fault{10, Removed}},
		"all of it":              {do: one(`DELETE FROM audit_log`), anchor: true, want: &Fault{1, Removed}},
		"all of it, made new":    {do: one(`TRUNCATE audit_log`), anchor: true, want: &Fault{1, Removed}},
		"the table copied about": {do: func(*house) []string {
			return []string{`CREATE TABLE x AS FROM audit_log`, `DELETE FROM audit_log`, `INSERT INTO audit_log FROM x ORDER BY seq DESC`, `DROP TABLE x`}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			h := logged(t)
			anchor := h.sound()
			if want, err := h.Head(t.Context()); err != nil || want != anchor || anchor.Seq != 10 {
				t.Fatalf("head %v, verified %v, %v", want, anchor, err)
			}
			h.raw(tc.do(h)...)
			_, without := h.Verify(t.Context())
			_, with := h.Verify(t.Context(), anchor)
			if tc.want == nil {
				h.must(errors.Join(without, with))
				return
			}
			var f *Fault
			if !errors.As(with, &f) || *f != *tc.want {
				t.Errorf("with the anchor: %v, want %v", with, tc.want)
			}
			if tc.anchor && without != nil {
				t.Errorf("without the anchor: %v", without)
			}
			if !tc.anchor && (!errors.As(without, &f) || *f != *tc.want) {
				t.Errorf("without the anchor: %v, want %v", without, tc.want)
			}
		})
	}
}

// TestCutAndGoneOn: rows that are cut off and replaced by new ones are found by the anchor
// of any row that was cut.
func TestCutAndGoneOn(t *testing.T) {
	h := logged(t)
	anchor := h.sound()
	h.raw(`DELETE FROM audit_log WHERE seq > 7`)
	for range 5 {
		h.must(h.Record(t.Context(), Operator(), "submission.refused", ""))
	}
	var f *Fault
	if _, err := h.Verify(t.Context(), Anchor{3, strings.Repeat("0", 64)}); !errors.As(err, &f) || *f != (Fault{3, Rewritten}) {
		t.Errorf("got %v", err)
	}
	if _, err := h.Verify(t.Context(), anchor); !errors.As(err, &f) || *f != (Fault{10, Rewritten}) {
		t.Errorf("got %v", err)
	}
	if _, err := h.Verify(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestAnchorFile keeps anchors outside, line by line, as a server would.
func TestAnchorFile(t *testing.T) {
	h := logged(t)
	path := filepath.Join(t.TempDir(), "audit.head")
	var want []Anchor
	for range 3 {
		h.must(h.Record(t.Context(), Operator(), "server.started", ""))
		a, err := h.Head(t.Context())
		h.must(err)
		want = append(want, a)
		f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		h.must(err)
		_, err = fmt.Fprintln(f, a)
		h.must(errors.Join(err, f.Close()))
	}
	b, err := os.ReadFile(path)
	h.must(err)
	got, err := ReadAnchors(strings.NewReader(string(b) + "14 0123")) // killed while it wrote
	h.must(err)
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if _, err := h.Verify(t.Context(), got...); err != nil {
		t.Error(err)
	}
	for _, bad := range []string{"x\n", "1\n", "-1 " + origin.Hash + "\n", "1 " + origin.Hash + "0\n"} {
		if _, err := ReadAnchors(strings.NewReader(bad)); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

// TestLongLog: the log is walked in pages; a fault at their edges is found.
func TestLongLog(t *testing.T) {
	h := newHouse(t)
	const n = 2*page + 5
	h.must(h.write(t.Context(), func(w *change) error {
		previous, at := origin, w.now
		for i := int64(1); i <= n; i += 1000 {
			var values []string
			for seq := i; seq < i+1000 && seq <= n; seq++ {
				e := Entry{Seq: seq, At: at, Actor: "operator", Action: "x"}
				hash := e.hashed(previous.Hash)
				values = append(values, fmt.Sprintf("(%d, '%s', 'operator', 'x', '', '', '%s', '%s')", seq, at.Format("2006-01-02 15:04:05.000000"), previous.Hash, hash))
				previous = Anchor{seq, hash}
			}
			if _, err := w.exec(`INSERT INTO audit_log VALUES ` + strings.Join(values, ", ")); err != nil {
				return err
			}
		}
		w.head = previous
		return nil
	}))
	if last := h.sound(); last.Seq != n {
		t.Errorf("%d rows", last.Seq)
	}
	for _, seq := range []int64{page, page + 1, 2 * page, n - 1} {
		h.raw(`CREATE TABLE kept AS FROM audit_log`, fmt.Sprintf(`DELETE FROM audit_log WHERE seq = %d`, seq))
		_, err := h.Verify(t.Context())
		var f *Fault
		if !errors.As(err, &f) || *f != (Fault{seq, Removed}) {
			t.Errorf("%d: %v", seq, err)
		}
		h.raw(`DELETE FROM audit_log`, `INSERT INTO audit_log FROM kept`, `DROP TABLE kept`)
	}
	h.sound()
}

// TestRecord: no sentence, name or token gets into the log.
func TestRecord(t *testing.T) {
	h := newHouse(t)
	token := newToken(apiPrefix)
	for _, tc := range []struct {
		action, subject, detail string
		good                    bool
	}{
		{"submission.accepted", "submission:0123456789ab", "file=" + sum("x"), true},
		{"submission.accepted", "", "area=HND", true},
		{"Submission accepted", "", "area=HND", false},
		{"", "", "area=HND", false},
		{"submission.accepted", "Ana María López", "area=HND", false},
		{"submission.accepted", "file:víctimas.xlsx", "area=HND", false},
		{"submission.accepted", "file:" + token, "area=HND", false},
		{"submission.accepted", "", "reason=Ana López, 17 años", false},
		{"submission.accepted", "", "from=ana@example.org", false},
		{"submission.accepted", "", "token=" + token, false},
		{"submission.accepted", "", "session=" + newToken(sessionPrefix), false},
		{"submission.accepted", "", "area=HND rows=1", false},
		{"submission.accepted", "", "", false},
	} {
		err := h.Record(t.Context(), Operator(), tc.action, tc.subject, tc.detail)
		if tc.good && err != nil || !tc.good && !errors.Is(err, ErrNotLoggable) {
			t.Errorf("%+v: %v", tc, err)
		}
		if err != nil && (strings.Contains(err.Error(), "Ana López") || strings.Contains(err.Error(), token) && tc.detail != "area=HND") {
			t.Errorf("the error tells it: %v", err)
		}
	}
	if last := h.sound(); last.Seq != 2 {
		t.Errorf("%d rows", last.Seq)
	}
}

// TestLogged: everything that matters has its row, and no row holds a secret, a name or an
// address.
func TestLogged(t *testing.T) {
	h, ctx := newHouse(t), t.Context()
	by := h.administrator()
	a := h.account("estadistica", Statistician, "")
	_, err := h.SignIn(ctx, SignIn{Name: "estadistica", Password: "guess guess guess", Address: "192.0.2.7"})
	h.is(err, ErrCredentials)
	_, codes, in := h.enrol(h.signIn("estadistica"))
	tok, s, err := h.IssueToken(ctx, in.Session.Actor(), "label of Ana", h.now().Add(time.Hour))
	h.must(err)
	h.must(h.RevokeToken(ctx, by, a.ID, tok.ID))
	i, invitation, err := h.Invite(ctx, by, Invitation{Role: Ministry, RefArea: "HND", Lang: "es"})
	h.must(err)
	h.must(h.RevokeInvitation(ctx, by, i.ID))
	h.must(h.SignOut(ctx, in.Token))
	h.must(h.Disable(ctx, by, a.ID))
	h.must(h.Enable(ctx, by, a.ID))
	want := []string{
		"account.invited", "account.created", "sign-in", "codes.begun", "codes.confirmed", "sign-in", // the administrator
		"account.invited", "account.created", "sign-in.refused", "sign-in", "codes.begun", "codes.confirmed", "sign-in",
		"token.issued", "token.revoked", "account.invited", "invitation.revoked", "sign-out", "account.disabled", "account.enabled",
	}
	if d := cmp.Diff(want, h.actions()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	entries, err := h.Log(ctx, by, 0, 1000)
	h.must(err)
	text := fmt.Sprint(entries)
	for _, s := range append(codes, secret, "guess", "192.0.2.7", "estadistica", "admin-oas", "Ana", s, invitation, in.Token, in.Device) {
		if strings.Contains(text, s) {
			t.Errorf("the log holds %q", s)
		}
	}
	page, err := h.Log(ctx, by, entries[2].Seq, 2)
	h.must(err)
	if d := cmp.Diff(entries[3:5], page); d != "" {
		t.Errorf("page (-want +got):\n%s", d)
	}
}
