package sheet

import (
	"context"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// coding is one encoding of text files.
type coding struct {
	name string
	dec  encoding.Encoding // nil for UTF-8, which is checked and not converted
	skip int64             // bytes of the mark of the byte order
}

var codings = map[string]coding{
	"utf-8":        {name: "UTF-8"},
	"utf-16le":     {name: "UTF-16LE", dec: unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)},
	"utf-16be":     {name: "UTF-16BE", dec: unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)},
	"windows-1252": {name: "Windows-1252", dec: charmap.Windows1252},
	"iso-8859-1":   {name: "ISO-8859-1", dec: charmap.ISO8859_1},
}

var codingNames = map[string]string{"utf8": "utf-8", "cp1252": "windows-1252", "latin1": "iso-8859-1", "latin-1": "iso-8859-1", "iso8859-1": "iso-8859-1"}

// encodingOf decides in what encoding a text file is, going through the whole
// of it: its only letter outside ASCII may be its last. A file without a mark
// that is not UTF-8 is Windows-1252, unless it uses bytes that stand for
// nothing there, or is UTF-8 for the greater part, and so damaged.
func encodingOf(ctx context.Context, r io.ReaderAt, size int64, asked string) (c coding, detected bool, err error) {
	marks := []struct{ mark, name string }{{"\xef\xbb\xbf", "utf-8"}, {"\xff\xfe", "utf-16le"}, {"\xfe\xff", "utf-16be"}}
	head := make([]byte, min(size, 3))
	if n, err := r.ReadAt(head, 0); n < len(head) {
		return c, false, err
	}
	asked = strings.ToLower(asked)
	if full, ok := codingNames[asked]; ok {
		asked = full
	}
	if asked != "" {
		if _, ok := codings[asked]; !ok {
			return c, false, fmt.Errorf("sheet: encoding %q is not known", asked)
		}
	}
	name := asked
	for _, m := range marks {
		if strings.HasPrefix(string(head), m.mark) && (asked == "" || asked == m.name) {
			name = m.name
			c.skip = int64(len(m.mark))
		}
	}
	stat, err := survey(ctx, io.NewSectionReader(r, c.skip, size-c.skip))
	if err != nil {
		return c, false, err
	}
	if name == "" {
		name, detected = "utf-8", false
		if stat.bad > 0 {
			name, detected = "windows-1252", true
		}
	}
	skip := c.skip
	c = codings[name]
	c.skip = skip
	wrong := &Error{Code: CodeEncoding, Expected: c.name}
	switch name {
	case "utf-8":
		if stat.bad > 0 {
			wrong.Found = itoa(stat.badLine)
			return c, false, wrong
		}
	case "windows-1252":
		// MS-DOS has letters where Windows has signs that no word holds.
		if detected && stat.dosLine > 0 {
			return c, false, &Error{Code: CodeDOS, Found: itoa(stat.dosLine), Expected: "UTF-8"}
		}
		// A few letters in a row that happen to be UTF-8 are rare in it.
		if stat.undefined > 0 || detected && stat.good > stat.bad {
			wrong.Found, wrong.Expected = itoa(stat.badLine), "UTF-8"
			return c, false, wrong
		}
	case "utf-16le", "utf-16be":
		if at, err := checkUTF16(io.NewSectionReader(r, skip, size-skip), name == "utf-16be"); err != nil {
			return c, false, err
		} else if at > 0 {
			wrong.Found = itoa(at)
			return c, false, wrong
		}
	}
	return c, detected, nil
}

// tally counts the characters of a file beyond ASCII, seen as UTF-8.
type tally struct {
	good, bad int64
	badLine   int64 // line of the first bad one, from 1
	undefined int64 // bytes that stand for nothing in Windows-1252
	dosLine   int64 // line of the first byte that is a letter in MS-DOS (CP850) alone; 0: none
}

// dosLetters are the letters of MS-DOS, é â ç ê ï í ó ú ñ Ñ Á, whose bytes are
// signs in Windows-1252 that never follow two letters: ‚ ƒ ‡ ˆ ‹ ¡ ¢ £ ¤ ¥ µ.
const dosLetters = "\x82\x83\x87\x88\x8b\xa1\xa2\xa3\xa4\xa5\xb5"

func survey(ctx context.Context, r io.Reader) (t tally, err error) {
	buf := make([]byte, 64<<10)
	kept, line := 0, int64(1)
	for {
		if err := ctx.Err(); err != nil {
			return t, canceled(err)
		}
		n, rerr := io.ReadFull(r, buf[kept:])
		if rerr != nil && rerr != io.EOF && rerr != io.ErrUnexpectedEOF {
			return t, rerr
		}
		b := buf[:kept+n]
		last := rerr != nil
		i := 0
		for i < len(b) {
			if b[i] < utf8.RuneSelf {
				if b[i] == '\n' {
					line++
				}
				i++
				continue
			}
			if !last && !utf8.FullRune(b[i:]) {
				break
			}
			switch b[i] {
			case 0x81, 0x8d, 0x8f, 0x90, 0x9d:
				t.undefined++
			}
			if t.dosLine == 0 && i > 1 && isLetter(b[i-1]) && isLetter(b[i-2]) && strings.IndexByte(dosLetters, b[i]) >= 0 {
				t.dosLine = line
			}
			_, w := utf8.DecodeRune(b[i:])
			if w > 1 {
				t.good++
			} else {
				if t.bad == 0 {
					t.badLine = line
				}
				t.bad++
			}
			i += w
		}
		if last {
			return t, nil
		}
		kept = copy(buf, b[i:])
	}
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// checkUTF16 gives the line of the first unit that is half a character, or of a
// last odd byte; 0 when there is none.
func checkUTF16(r io.Reader, big bool) (int64, error) {
	buf := make([]byte, 64<<10)
	line := int64(1)
	high := false
	for {
		n, err := io.ReadFull(r, buf)
		if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
			return 0, err
		}
		for i := 0; i+1 < n; i += 2 {
			lo, hi := buf[i], buf[i+1]
			if big {
				lo, hi = hi, lo
			}
			if hi == 0 && lo == '\n' {
				line++
			}
			low := hi >= 0xdc && hi <= 0xdf
			if low != high {
				return line, nil
			}
			high = hi >= 0xd8 && hi <= 0xdb
		}
		if err != nil {
			if n%2 == 1 || high {
				return line, nil
			}
			return 0, nil
		}
	}
}

// reader gives the text of the file in UTF-8, without its mark.
func (c coding) reader(r io.ReaderAt, size int64) io.Reader {
	var in io.Reader = io.NewSectionReader(r, c.skip, size-c.skip)
	if c.dec != nil {
		in = transform.NewReader(in, c.dec.NewDecoder())
	}
	return in
}
