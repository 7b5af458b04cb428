package rest_test

import (
	"strings"
	"testing"
)

// TestMessageIDs: the id of a message names its content, so that two answers of one time
// that say different things are told apart, and one that is asked for twice is one.
func TestMessageIDs(t *testing.T) {
	h := handler(t)
	seen := map[string]string{}
	for _, target := range []string{"/data", "/data/dataflow/OAS/TIP/+/A.ARG", "/data/dataflow/OAS/TIP/+/A.ARG?limit=1", "/data/dataflow/OAS/TIP/+/A.ARG?attributes=OBS_STATUS",
		"/structure/codelist/OAS/CL_SEX", "/structure/codelist/OAS/CL_AGE", "/metadata/metadataset"} {
		id := func() string {
			_, after, _ := strings.Cut(body(t, ask(h, "GET", target)), `"id":`)
			id, _, _ := strings.Cut(after, ",")
			return strings.TrimSpace(id)
		}
		one := id()
		if other, there := seen[one]; there || one == "" || one != id() {
			t.Errorf("%s: id %s, as %s", target, one, other)
		}
		seen[one] = target
	}
}
