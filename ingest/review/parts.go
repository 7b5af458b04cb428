package review

import (
	"bytes"
	"fmt"
	"io"
	"regexp"

	"github.com/xuri/excelize/v2"
)

// always is the condition of our colours: true, and written by nobody else
// (8 June 2004 and the number of AG/RES. 2026), so that the next review knows it.
const always = "ISNUMBER(200406082026)"

var (
	reSelected = regexp.MustCompile(`\stabSelected\s*=\s*("[^"]*"|'[^']*')`)
	reOurs     = regexp.MustCompile(`<((?:\w+:)?)cfRule\b[^>]*>\s*<(?:\w+:)?formula>\s*` + regexp.QuoteMeta(always) + `\s*</(?:\w+:)?formula>\s*</(?:\w+:)?cfRule>`)
	reFormat   = regexp.MustCompile(`<conditionalFormatting [^>]*><cfRule [^>]*><formula>` + regexp.QuoteMeta(always) + `</formula></cfRule></conditionalFormatting>`)
	reEmpty    = regexp.MustCompile(`<(?:\w+:)?conditionalFormatting\b[^>]*>\s*</(?:\w+:)?conditionalFormatting>`)
	reRule     = regexp.MustCompile(`<(?:\w+:)?cfRule\s[^>]*>`)
	rePriority = regexp.MustCompile(`(\spriority\s*=\s*["'])(\d+)(["'])`)
	reNothing  = regexp.MustCompile(`<((?:\w+:)?)v(?:\s[^>]*)?(?:/>|></(?:\w+:)?v>)`)
	reObject   = regexp.MustCompile(`ObjectType\s*=\s*["']([^"']*)["']`)
)

// parts looks through the parts of a workbook before excelize loads any sheet:
// it counts what loading them would take, takes the colours of an earlier
// review away, and unselects all sheets (what is typed into one of several
// selected sheets goes into all of them, and the list will be the one that is
// shown).
func (r *review) parts(f *excelize.File) error {
	var total int
	changed := map[string][]byte{}
	f.Pkg.Range(func(key, value any) bool {
		name, b := key.(string), value.([]byte)
		if bytes.Contains(b, []byte("sheetData")) {
			total += weigh(b)
			head, rest := b, []byte(nil)
			if i := bytes.Index(b, []byte("sheetData")); i > 0 {
				head, rest = b[:i], b[i:]
			}
			now := append(reSelected.ReplaceAll(head, nil), rest...)
			if reOurs.Match(now) {
				now = reEmpty.ReplaceAll(reOurs.ReplaceAll(now, nil), nil)
			}
			now = reRule.ReplaceAllFunc(now, func(tag []byte) []byte {
				return rePriority.ReplaceAllFunc(tag, func(p []byte) []byte {
					m := rePriority.FindSubmatch(p)
					return fmt.Appendf(nil, "%s%d%s", m[1], number(m[2])+ourRules, m[3])
				})
			})
			now = reNothing.ReplaceAll(now, []byte("<${1}v>"+nothing+"</${1}v>"))
			if !bytes.Equal(now, b) {
				changed[name] = now
			}
		}
		for _, m := range reObject.FindAllSubmatch(b, -1) {
			// Buttons and the like share their part with comments; excelize would drop some.
			if string(m[1]) != "Note" && r.care < commentNone {
				r.care = commentNone
			}
		}
		return true
	})
	if total > maxCells {
		return fmt.Errorf("%w: %d cells or more; at most %d are marked", ErrUnmarkable, total, maxCells)
	}
	for name, b := range changed {
		f.Pkg.Store(name, b)
	}
	if r.care == commentAll {
		agree(f)
	}
	return nil
}

// nothing stands for the value of a formula that gave an empty text, while a
// sheet is with excelize: it would drop the value, and the formula would be one
// that was never computed.
const nothing = "tipstat:nothing"

// ourRules is how many rules of ours may come before those of the ministry, so
// that a cell with a finding has our colour whatever else colours it.
const ourRules = 1000

// restorer puts the empty texts back as the parts are written, and our rules
// before others.
type restorer struct{ excelize.ZipWriter }

func (z restorer) Create(name string) (io.Writer, error) {
	w, err := z.ZipWriter.Create(name)
	return restoring{w}, err
}

type restoring struct{ io.Writer }

// Write is given a whole part at once.
func (w restoring) Write(b []byte) (int, error) {
	n := 0
	now := reOurs.ReplaceAllFunc(bytes.ReplaceAll(b, []byte(">"+nothing+"<"), []byte("><")), func(rule []byte) []byte {
		n++
		return rePriority.ReplaceAll(rule, fmt.Appendf(nil, "${1}%d${3}", min(n, ourRules)))
	})
	if n > 0 { // LibreOffice goes by where they stand
		first := max(0, bytes.Index(now, []byte("<conditionalFormatting")))
		ours := bytes.Join(reFormat.FindAll(now, -1), nil)
		now = append(append(bytes.Clone(now[:first]), ours...), reFormat.ReplaceAll(now[first:], nil)...)
	}
	if _, err := w.Writer.Write(now); err != nil {
		return 0, err
	}
	return len(b), nil
}

// weigh counts the cells that a sheet has once it is loaded: excelize fills
// every row up to its last cell, and every row up to the last one, so that one
// cell in column XFD costs 16,384. Well-formed XML is taken for granted.
func weigh(b []byte) (total int) {
	last, rows := 0, 0
	for {
		i := bytes.IndexByte(b, '<')
		if i < 0 {
			break
		}
		b = b[i+1:]
		tag := b[:tagEnd(b)]
		b = b[len(tag):]
		name := tag
		if j := bytes.IndexAny(name, " \t\r\n/"); j >= 0 {
			name = name[:j]
		}
		if j := bytes.IndexByte(name, ':'); j >= 0 {
			name = name[j+1:]
		}
		switch string(name) {
		case "row":
			total, last = total+last, 0
			if n := number(attribute(tag, "r")); n > rows {
				rows = n
			} else {
				rows++
			}
		case "c":
			if col := column(attribute(tag, "r")); col > last {
				last = col
			} else {
				last++
			}
		}
	}
	return total + last + rows
}

// tagEnd gives where a tag ends; a > inside quotes is none.
func tagEnd(b []byte) int {
	var quote byte
	for i, c := range b {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i
		}
	}
	return len(b)
}

// attribute gives the value of an attribute of a tag.
func attribute(tag []byte, name string) []byte {
	for {
		eq := bytes.IndexByte(tag, '=')
		if eq < 0 {
			return nil
		}
		key := bytes.TrimSpace(tag[:eq])
		if i := bytes.LastIndexAny(key, " \t\r\n"); i >= 0 {
			key = key[i+1:]
		}
		rest := bytes.TrimLeft(tag[eq+1:], " \t\r\n")
		if len(rest) == 0 {
			return nil
		}
		end := bytes.IndexByte(rest[1:], rest[0])
		if end < 0 {
			return nil
		}
		if string(key) == name {
			return rest[1 : 1+end]
		}
		tag = rest[end+2:]
	}
}

func column(address []byte) (col int) {
	for _, c := range address {
		if c |= 0x20; c < 'a' || c > 'z' || col > 1<<14 {
			break
		}
		col = col*26 + int(c|0x20-'a') + 1
	}
	return min(col, 1<<14)
}

func number(digits []byte) (n int) {
	for _, c := range digits {
		if c < '0' || c > '9' || n > 1<<30 {
			break
		}
		n = n*10 + int(c-'0')
	}
	return n
}
