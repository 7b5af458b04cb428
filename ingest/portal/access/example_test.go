package access_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/oas/tipstat/ingest/portal/access"
)

// A ministry is invited, chooses its name and password, signs in and asks what it may do.
func Example() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	ctx := context.Background()
	c, err := access.Open(ctx, filepath.Join(dir, "portal.duckdb"), access.Settings{})
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()

	_, token, err := c.Invite(ctx, access.Operator(), access.Invitation{Role: access.Ministry, RefArea: "HND", Lang: "es"})
	if err != nil {
		log.Fatal(err)
	}
	_, err = c.Accept(ctx, access.Acceptance{Token: token, Name: "ministerio.hnd", Password: "123456789012"})
	var refused *access.Refusal
	if errors.As(err, &refused) {
		fmt.Println(refused.Name)
	}
	if _, err := c.Accept(ctx, access.Acceptance{Token: token, Name: "ministerio.hnd", Password: "la lluvia cae lenta"}); err != nil {
		log.Fatal(err)
	}
	in, err := c.SignIn(ctx, access.SignIn{Name: "ministerio.hnd", Password: "la lluvia cae lenta", Address: "192.0.2.7"})
	if err != nil {
		log.Fatal(err)
	}
	s, err := c.Session(ctx, in.Token) // at each request, with the cookie's token
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(s.State, s.Actor().May(access.Upload, "HND"), s.Actor().May(access.SeeSubmission, "GTM"))
	last, err := c.Verify(ctx)
	fmt.Println(last.Seq, err)
	// Output:
	// password-common
	// complete true false
	// 3 <nil>
}
