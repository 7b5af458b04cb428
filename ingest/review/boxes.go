package review

import (
	"bytes"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

var (
	reRelation = regexp.MustCompile(`<(?:\w+:)?Relationship\s[^>]*>`)
	reShape    = regexp.MustCompile(`<v:shape\s[^>]*>`)
	reShapeID  = regexp.MustCompile(`(\sid\s*=\s*["'])([^"']*)(["'])`)
	reNumbered = regexp.MustCompile(`^_x0000_s[0-9]{1,9}$`)
)

// agree gives the two parts of a sheet's comments, the texts and the boxes that
// show them, names with one number, and the boxes numbers of their own.
// Excelize finds the texts of a sheet by the number of its boxes; LibreOffice,
// openpyxl and others number them as they like, and excelize would write new
// comments into a part that belongs to no sheet.
func agree(f *excelize.File) {
	var rels []string
	f.Pkg.Range(func(key, _ any) bool {
		if name := key.(string); strings.HasPrefix(name, "xl/worksheets/_rels/") {
			rels = append(rels, name)
		}
		return true
	})
	slices.Sort(rels) // the same numbers each time
	for i, name := range rels {
		n := 9001 + i // far from those that excelize gives to new parts
		b := load(f, name)
		var texts, boxes []byte
		for _, r := range reRelation.FindAll(b, -1) {
			switch kind := path.Base(string(attribute(r, "Type"))); kind {
			case "comments":
				texts = attribute(r, "Target")
			case "vmlDrawing":
				boxes = attribute(r, "Target")
			}
		}
		if texts == nil || boxes == nil || load(f, part(texts)) == nil || load(f, part(boxes)) == nil {
			continue
		}
		for old, now := range map[string]string{string(texts): fmt.Sprintf("../comments%d.xml", n), string(boxes): fmt.Sprintf("../drawings/vmlDrawing%d.vml", n)} {
			from, to := part([]byte(old)), part([]byte(now))
			b = replaceValue(b, "Target", old, now)
			move(f, from, to)
			move(f, path.Dir(from)+"/_rels/"+path.Base(from)+".rels", path.Dir(to)+"/_rels/"+path.Base(to)+".rels")
			const types = "[Content_Types].xml"
			f.Pkg.Store(types, replaceValue(load(f, types), "PartName", "/"+from, "/"+to))
		}
		f.Pkg.Store(name, b)
		last := fmt.Sprintf("xl/drawings/vmlDrawing%d.vml", n)
		f.Pkg.Store(last, numbered(load(f, last)))
	}
}

// numbered gives each box a number that no other has.
func numbered(b []byte) []byte {
	next, seen := 900_001, map[string]bool{}
	return reShape.ReplaceAllFunc(b, func(tag []byte) []byte {
		return reShapeID.ReplaceAllFunc(tag, func(id []byte) []byte {
			m := reShapeID.FindSubmatch(id)
			if name := string(m[2]); reNumbered.MatchString(name) && !seen[name] {
				seen[name] = true
				return id
			}
			next++
			return fmt.Appendf(nil, "%s_x0000_s%d%s", m[1], next, m[3])
		})
	})
}

// part gives the name of the part that a sheet refers to.
func part(target []byte) string {
	if rest, ok := bytes.CutPrefix(target, []byte("/")); ok {
		return string(rest)
	}
	return path.Join("xl/worksheets", string(target))
}

// replaceValue replaces the value of an attribute wherever it has it.
func replaceValue(b []byte, attribute, old, now string) []byte {
	re := regexp.MustCompile(`(\s` + attribute + `\s*=\s*["'])` + regexp.QuoteMeta(old) + `(["'])`)
	return re.ReplaceAll(b, []byte("${1}"+strings.ReplaceAll(now, "$", "$$")+"${2}"))
}

func load(f *excelize.File, name string) []byte {
	if v, ok := f.Pkg.Load(name); ok {
		return v.([]byte)
	}
	return nil
}

func move(f *excelize.File, from, to string) {
	if b := load(f, from); b != nil && from != to {
		f.Pkg.Store(to, b)
		f.Pkg.Delete(from)
	}
}
