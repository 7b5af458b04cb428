package rules

import (
	"regexp"
	"strings"
)

var reLevel = regexp.MustCompile(` Level [0-5]\.`)

// Source gives a rule as it is written: what the comment at its head says of
// what it checks, and its query. The level, which the finding has too, and what
// one row of the query is are left out. ok is false for a code that no SQL rule has.
func Source(code string) (about, query string, ok bool) {
	b, err := files.ReadFile("rules/" + code + ".sql")
	if err != nil {
		return "", "", false
	}
	var words []string
	rest := string(b)
	for {
		line, after, _ := strings.Cut(rest, "\n")
		comment, is := strings.CutPrefix(line, "--")
		if !is {
			break
		}
		words, rest = append(words, strings.TrimSpace(comment)), after
	}
	about, _, _ = strings.Cut(strings.Join(words, " "), "One row:")
	return strings.TrimSpace(reLevel.ReplaceAllString(about, "")), strings.TrimSpace(rest), true
}
