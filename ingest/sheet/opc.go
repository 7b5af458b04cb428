package sheet

import (
	"context"
	"path"
	"strings"
)

// relation is one relationship of a part.
type relation struct {
	kind     string // the last segment of its type: worksheet, sharedStrings …
	target   string // name of the part; empty when it is outside the file
	external bool
	unsafe   bool // the target leads out of the archive
}

// part gives the name of the part that a relationship of from leads to.
func (r relation) part(from string) (string, error) {
	if r.unsafe {
		return "", &Error{Code: CodeUnsafeName, Part: from, Found: printable(r.target)}
	}
	return r.target, nil
}

// readRelations reads the relationships of a part; the empty name is the
// package itself, which must have some.
func readRelations(ctx context.Context, p *pack, name string) (map[string]relation, error) {
	dir, file := path.Split(name)
	rels := map[string]relation{}
	from := dir + "_rels/" + file + ".rels"
	return rels, p.scanHead(ctx, from, func(s *scanner) error {
		for {
			t, err := s.next()
			if err != nil || t == tokEOF {
				return err
			}
			if t != tokStart || s.depth() == 1 && s.is(nsPackage, "Relationships") {
				continue
			}
			if s.depth() != 2 || !s.is(nsPackage, "Relationship") {
				return s.wrong("an element that is not expected")
			}
			id := string(s.attr(nsNone, "Id"))
			r := relation{kind: path.Base(string(s.attr(nsNone, "Type"))), external: string(s.attr(nsNone, "TargetMode")) == "External"}
			if _, twice := rels[id]; id == "" || twice {
				return s.wrong("a relationship without an id, or two with one id")
			}
			if !r.external {
				target := strings.ReplaceAll(string(s.attr(nsNone, "Target")), `\`, "/")
				if strings.HasPrefix(target, "/") {
					target = path.Clean(target)[1:]
				} else {
					target = path.Join(dir, target)
				}
				r.target, r.unsafe = target, !plainName(target)
			}
			if len(rels) == p.limits.Entries {
				return tooMuch(CodeEntries, len(rels)+1, p.limits.Entries)
			}
			rels[id] = r
		}
	})
}

// contentTypes is [Content_Types].xml.
type contentTypes struct{ byPart, byExt map[string]string }

func readTypes(ctx context.Context, p *pack) (contentTypes, error) {
	t := contentTypes{map[string]string{}, map[string]string{}}
	return t, p.scanHead(ctx, "[Content_Types].xml", func(s *scanner) error {
		for {
			tok, err := s.next()
			if err != nil || tok == tokEOF {
				return err
			}
			if tok != tokStart || s.depth() == 1 && s.is(nsTypes, "Types") {
				continue
			}
			kind := string(s.attr(nsNone, "ContentType"))
			var key string
			of := t.byExt
			switch {
			case s.depth() == 2 && s.is(nsTypes, "Default"):
				key = strings.ToLower(string(s.attr(nsNone, "Extension")))
			case s.depth() == 2 && s.is(nsTypes, "Override"):
				of, key = t.byPart, strings.ToLower(strings.TrimPrefix(string(s.attr(nsNone, "PartName")), "/"))
			default:
				return s.wrong("an element that is not expected")
			}
			if other, twice := of[key]; twice && other != kind {
				return s.wrong("two content types for one part")
			}
			of[key] = kind
			if len(t.byPart)+len(t.byExt) > 2*p.limits.Entries {
				return tooMuch(CodeEntries, len(t.byPart)+len(t.byExt), 2*p.limits.Entries)
			}
		}
	})
}

func (t contentTypes) of(part string) string {
	part = strings.ToLower(part)
	if kind, ok := t.byPart[part]; ok {
		return kind
	}
	return t.byExt[strings.TrimPrefix(path.Ext(part), ".")]
}

// want checks the type of a part.
func (t contentTypes) want(part, kind string) error {
	if have := t.of(part); have != kind {
		return &Error{Code: CodeStructure, Part: part, Found: part + " (" + printable(have) + ")", Expected: kind}
	}
	return nil
}
