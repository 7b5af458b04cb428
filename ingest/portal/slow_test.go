package portal

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// TestSlow: a body that takes longer than the server gives others is read whole, and answered.
func TestSlow(t *testing.T) {
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, err := io.ReadAll(slow{r.Body, http.NewResponseController(w), time.Now().Add(time.Minute)})
		if err != nil || len(b) != 10 {
			t.Errorf("%q %v", b, err)
		}
		_, _ = io.WriteString(w, "whole")
	}))
	s.Config.ReadTimeout, s.Config.WriteTimeout = 200*time.Millisecond, 200*time.Millisecond
	s.Start()
	defer s.Close()
	body, to := io.Pipe()
	go func() {
		for range 10 {
			_, _ = io.WriteString(to, "x")
			time.Sleep(60 * time.Millisecond)
		}
		_ = to.Close()
	}()
	answer, err := http.Post(s.URL, "text/plain", body)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	if b, err := io.ReadAll(answer.Body); err != nil || string(b) != "whole" {
		t.Errorf("%q %v", b, err)
	}
}
