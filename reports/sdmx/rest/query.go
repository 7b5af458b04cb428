package rest

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/oas/tipstat/reports/sdmx"
)

// all is the wildcard of the path.
const all = "*"

// params are what follows the ? of a query: the filters apart. In a filter + means AND,
// so that net/url, which reads it as a space, is not asked.
type params struct {
	said    map[string]string
	filters map[string]string // by component
}

// parseParams reads the parameters, and refuses those that the resource does not know:
// a filter that is not heeded would give other data than were asked for.
func parseParams(raw string, known ...string) (params, error) {
	p := params{map[string]string{}, map[string]string{}}
	for part := range strings.SplitSeq(raw, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		name, err := url.PathUnescape(name)
		if err == nil {
			value, err = url.PathUnescape(value)
		}
		if err != nil {
			return p, syntax("%q is not percent-encoded as it should be", part)
		}
		into, key := p.said, name
		if id, ok := strings.CutPrefix(name, "c["); ok && strings.HasSuffix(id, "]") && slices.Contains(known, "c") {
			into, key = p.filters, strings.TrimSuffix(id, "]")
		} else if !slices.Contains(known, name) || name == "c" {
			return p, syntax("no parameter %q here: there are %s", name, strings.Join(known, ", "))
		}
		if _, twice := into[key]; twice {
			return p, syntax("%q is there twice", name)
		}
		into[key] = value
	}
	return p, nil
}

// number reads a parameter that is a whole number, of at least some size; 0 if not said.
func (p params) number(name string, least int) (int, error) {
	s, ok := p.said[name]
	if !ok {
		return 0, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < least {
		return 0, syntax("%s=%s: want a whole number from %d", name, s, least)
	}
	return n, nil
}

// choice reads a parameter of a few values; the first is the default.
func (p params) choice(name string, values ...string) (string, error) {
	s, ok := p.said[name]
	switch {
	case !ok:
		return values[0], nil
	case !slices.Contains(values, s):
		return "", syntax("%s=%s: want one of %s", name, s, strings.Join(values, ", "))
	}
	return s, nil
}

// moment reads a parameter that is a date and time, UTC if it says no offset.
func (p params) moment(name string) (time.Time, error) {
	s, ok := p.said[name]
	if !ok {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	return time.Time{}, syntax("%s=%s: want a date and time such as 2026-05-15T14:15:00Z (+ is written %%2B)", name, s)
}

// list parts a segment of the path at its commas; nil is all.
func list(s string) ([]string, error) {
	if s == all {
		return nil, nil
	}
	out := strings.Split(s, ",")
	if slices.Contains(out, "") {
		return nil, syntax("%q has an empty part", s)
	}
	return out, nil
}

// among tells whether an id is in a list; nil has all.
func among(list []string, id string) bool { return list == nil || slices.Contains(list, id) }

// parseKeys reads keys: values of the dimensions parted by dots, * for all; those left
// out at the end are all, and so is what is empty (as API 1 wrote it, and some clients of
// API 2 do). Several keys are parted by commas, and any may match.
func parseKeys(s string, dimensions int) ([][]sdmx.Match, error) {
	if s == all {
		return nil, nil
	}
	var keys [][]sdmx.Match
	for key := range strings.SplitSeq(s, ",") {
		parts := strings.Split(key, ".")
		if len(parts) > dimensions {
			return nil, semantic("the key %q has %d parts, the data structure %d dimensions", key, len(parts), dimensions)
		}
		var matches []sdmx.Match
		for _, part := range parts {
			switch {
			case key == "" || strings.ContainsAny(part, "+ "):
				return nil, syntax("the key %q: want a code or * between the dots; several keys are parted by commas", key)
			case part == all || part == "":
				matches = append(matches, nil)
			default:
				matches = append(matches, func(v string) bool { return v == part })
			}
		}
		keys = append(keys, matches)
	}
	return keys, nil
}
