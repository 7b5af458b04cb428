package access

import (
	"context"
	"fmt"
	"testing"
)

// benchHouse has accounts with sessions, as a portal of all States would.
func benchHouse(b *testing.B) (*house, string) {
	h := newHouse(b)
	h.set.Now = nil
	h.reopen()
	var token string
	for i := range 100 {
		h.ministry(fmt.Sprintf("min-%03d", i))
		for range 3 {
			token = h.signIn(fmt.Sprintf("min-%03d", i)).Token
		}
	}
	return h, token
}

// BenchmarkSignIn has the real parameters of Argon2id.
func BenchmarkSignIn(b *testing.B) {
	h, _ := benchHouse(b)
	h.set.argon = nil
	h.reopen()
	h.signIn("min-000") // hashes anew
	for b.Loop() {
		h.signIn("min-000")
	}
}

// BenchmarkSignInStored is what a sign-in takes besides Argon2id.
func BenchmarkSignInStored(b *testing.B) {
	h, _ := benchHouse(b)
	for b.Loop() {
		h.signIn("min-000")
	}
}

func BenchmarkSession(b *testing.B) {
	h, token := benchHouse(b)
	for b.Loop() {
		if _, err := h.Session(context.Background(), token); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSessionParallel(b *testing.B) {
	h, token := benchHouse(b)
	b.ResetTimer()
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			if _, err := h.Session(context.Background(), token); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

func BenchmarkByToken(b *testing.B) {
	h, _ := benchHouse(b)
	_, secret, err := h.IssueToken(context.Background(), h.signInActor("min-000"), "x", h.now().AddDate(0, 1, 0))
	h.must(err)
	for b.Loop() {
		if _, err := h.ByToken(context.Background(), secret); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerify(b *testing.B) {
	h, _ := benchHouse(b)
	last := h.sound()
	for b.Loop() {
		h.sound()
	}
	b.ReportMetric(float64(last.Seq), "rows")
}
