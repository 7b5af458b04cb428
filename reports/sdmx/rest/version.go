package rest

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// version is one query of versions as querying_versions.md has them: numbers, one of
// which may bear a wildcard (* all, + the latest stable, ~ the latest) that lets it and
// those after it be higher.
type version struct {
	parts    [3]int
	n        int    // how many parts are said
	wild     int    // the part that bears the wildcard; n where none does
	operator string // of the wildcard
	ext      string
}

var rePart = regexp.MustCompile(`^(\d{1,9})?([*+~]?)$`)

func parseVersion(s string) (version, error) {
	bad := syntax("%q is no version: want one such as 1.0.0, +, ~, * or 1.2+.0", s)
	v := version{}
	numbers, ext, _ := strings.Cut(s, "-")
	v.ext = ext
	parts := strings.Split(numbers, ".")
	if v.wild = len(parts); len(parts) > 3 {
		return v, bad
	}
	v.n = len(parts)
	for i, p := range parts {
		m := rePart.FindStringSubmatch(p)
		if m == nil || p == "" {
			return v, bad
		}
		v.parts[i], _ = strconv.Atoi(m[1]) // digits, by the expression; none is 0
		if m[2] == "" {
			continue
		}
		if v.operator != "" || ext != "" {
			return v, bad // one wildcard, and none with an extension
		}
		v.operator, v.wild = m[2], i
	}
	return v, nil
}

// any tells whether all versions are meant, of whatever form.
func (v version) any() bool {
	return v.operator != "" && v.n == 1 && v.parts == [3]int{} && v.operator != "+"
}

// takes tells whether a version is one of those meant, the latest apart.
func (v version) takes(s string) bool {
	got, err := parseVersion(s)
	switch {
	case err != nil:
		return false
	case v.any():
		return true
	case v.operator == "":
		return got.n == v.n && got.parts == v.parts && got.ext == v.ext
	case v.operator == "+" && (got.n != 3 || got.ext != "" || got.parts[0] == 0): // not stable, or not semantic
		return false
	case v.operator != "+" && got.n != v.n:
		return false
	}
	return slices.Equal(got.parts[:v.wild], v.parts[:v.wild]) && slices.Compare(got.parts[v.wild:], v.parts[v.wild:]) >= 0
}

// versions are several, parted by commas.
type versions []version

func parseVersions(s string) (versions, error) {
	var out versions
	for part := range strings.SplitSeq(s, ",") {
		v, err := parseVersion(part)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// choose gives those of the versions of one artefact that are meant.
func (vs versions) choose(of []string) []string {
	var out []string
	for _, v := range vs {
		var found []string
		for _, s := range of {
			if v.takes(s) {
				found = append(found, s)
			}
		}
		if v.operator == "+" || v.operator == "~" {
			slices.SortFunc(found, func(x, y string) int {
				a, _ := parseVersion(x)
				b, _ := parseVersion(y)
				return cmp.Or(slices.Compare(b.parts[:], a.parts[:]), cmp.Compare(a.ext, b.ext))
			})
			found = found[:min(1, len(found))]
		}
		out = append(out, found...)
	}
	return out
}
