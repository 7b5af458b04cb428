package oracle_test

import (
	"math"
	"regexp"
	"strings"
	"sync"
)

// excuses tells, by the id of a rule, whether a difference falls under it.
var excuses = map[string]func(d *difference) bool{
	// openpyxl
	"openpyxl-strict": func(d *difference) bool { return d.refuses("no sheets") && d.is("strict") },
	"openpyxl-booleans": func(d *difference) bool {
		return d.refuses("invalid literal for int() with base 10: '") && matches("true|false", d.err)
	},
	"openpyxl-styles":   func(d *difference) bool { return d.refuses("list index out of range") && d.is("oddparts") },
	"openpyxl-escapes":  func(d *difference) bool { return d.texts() && escapesOnly(d) },
	"openpyxl-leap-day": func(d *difference) bool { return d.dates() && leapDay(d.ours.num) },
	"openpyxl-day-zero": func(d *difference) bool { return d.dates() && d.is("1904") && d.ours.num < 1 },
	"openpyxl-range":    func(d *difference) bool { return d.number(date, fault) && noDate(d.ours.num) },
	"openpyxl-backslash": func(d *difference) bool {
		return d.number(date) && (d.formatted(`\\[dhmsy]|_[dhmsy]`) || matches("styles", d.file.how))
	},
	"openpyxl-elapsed": func(d *difference) bool { return d.number(number) && d.is("elapsed") && near(d, 1e-8) },

	"openpyxl-drawings": func(d *difference) bool { return d.refuses("There is no item named 'xl/drawings") },
	"openpyxl-elsewhere": func(d *difference) bool {
		return d.what == refuses && matches(`__init__\(\)|expected <class|Value must be|SyntaxError|ParseError|Bad CRC-32`, d.err)
	},
	"openpyxl-style": func(d *difference) bool { return d.refuses("list index out of range") && !d.is("oddparts") },

	// SheetJS
	"sheetjs-descriptors": func(d *difference) bool { return d.refuses("Bad compressed size") && d.is("descriptors") },
	"sheetjs-targets": func(d *difference) bool {
		return d.refuses("Cannot convert undefined") && (d.is("dottarget") || d.is("absolute") && d.is("oddparts"))
	},
	"sheetjs-tags": func(d *difference) bool {
		return d.is("spacedtags") && (d.refuses("Cannot convert undefined") || d.row > 0)
	},
	"sheetjs-decoys": func(d *difference) bool {
		return d.is("decoys") && d.row == 1 && d.col == 1 && d.theirs.text == "9"
	},
	"sheetjs-notes": func(d *difference) bool {
		return (d.is("comments") || d.is("pis") || d.is("decoys") || matches("snippet in .*sharedStrings", d.file.how)) && (d.theirs.text == "undefined" || d.texts() || d.what == lacks && d.ours.kind == text)
	},
	"sheetjs-cdata": func(d *difference) bool {
		return (d.is("cdata") || d.is("split")) && (d.texts() || d.ours.kind == text && d.what == lacks)
	},
	"sheetjs-charrefs": func(d *difference) bool { return d.texts() && (d.is("charrefs") || d.is("openpyxl")) },
	"sheetjs-unplaced": func(d *difference) bool {
		return (d.is("nocellref") || matches("drop an attribute in .*worksheets", d.file.how)) && d.row > 0
	},
	"sheetjs-phonetic": func(d *difference) bool {
		return d.is("phonetic") && d.what == has && strings.Contains(d.theirs.text, "rPh ")
	},
	"sheetjs-elapsed": func(d *difference) bool { return d.number(date) && d.formatted(`\[[hms]+\]|^46$`) },
	"sheetjs-range":   func(d *difference) bool { return d.number(date) && noDate(d.ours.num) },
	"sheetjs-iso-style": func(d *difference) bool {
		return d.what == other && d.ours.kind == date && d.theirs.kind == number && d.source(`t=["']d`)
	},
	"sheetjs-iso-1904": func(d *difference) bool { return d.dates() && d.is("1904") && d.source(`t\s*=\s*["']d`) },

	"sheetjs-zip": func(d *difference) bool { return matches("^zip", d.file.how) && d.what == refuses },
	"sheetjs-styles": func(d *difference) bool {
		return matches("styles", d.file.how) && (d.refuses("") || d.what == other && d.ours.kind == date && d.theirs.kind == number)
	},
	"sheetjs-case": func(d *difference) bool { return matches("case in .*worksheets", d.file.how) && d.row > 0 },

	// exceljs
	"exceljs-parts": func(d *difference) bool {
		return d.refuses("") && (d.is("oddparts") || d.is("dottarget") || d.is("prefix"))
	},
	"exceljs-unplaced": func(d *difference) bool {
		return (d.is("nocellref") || d.is("norowref")) && (d.refuses("") || d.row > 0)
	},
	"exceljs-formulas": func(d *difference) bool {
		return d.row > 0 && (d.source(`<([a-z]+:)?f[ >]`) || d.is("sheetjs sst") && d.col == 6 || d.is("libreoffice xlsx") && d.ours.kind == boolean)
	},
	"exceljs-booleans": func(d *difference) bool { return d.what == other && d.ours.kind == boolean && d.is("truefalse") },
	"exceljs-iso": func(d *difference) bool {
		return d.row > 0 && (d.source(`t\s*=\s*["']d`) || d.is("excel-strict") && d.ours.kind == date)
	},
	"exceljs-cdata": func(d *difference) bool {
		return (d.is("cdata") || d.is("split")) && (d.texts() || d.ours.kind == text && d.what == lacks)
	},
	"exceljs-phonetic": func(d *difference) bool { return d.is("phonetic") && d.is("inline") && d.what == lacks },
	"exceljs-early":    func(d *difference) bool { return d.dates() && !d.is("1904") && d.ours.num < 61 },
	"exceljs-1904":     func(d *difference) bool { return d.dates() && d.is("1904") },
	"exceljs-range":    func(d *difference) bool { return d.number(date) && noDate(d.ours.num) },
	"exceljs-elapsed":  func(d *difference) bool { return d.number(date) && d.formatted(`\[[hms]+\]|^46$`) },
	"exceljs-format":   func(d *difference) bool { return d.number(date) && d.formatted(`\\[dhmsy]|_[dhmsy]`) },
	"exceljs-escapes":  func(d *difference) bool { return d.texts() && escapesOnly(d) },

	// excelize
	"excelize-strings": func(d *difference) bool { return d.is("oddparts") && d.what == lacks && d.ours.kind == text },
	"excelize-blanks":  func(d *difference) bool { return d.what == other && same(d.ours, trimmed(d.theirs)) },
	"excelize-iso":     func(d *difference) bool { return d.what == other && d.ours.kind == date && d.source(`t\s*=\s*["']d`) },
	"excelize-escapes": func(d *difference) bool { return d.texts() && escapesOnly(d) },

	"excelize-elsewhere": func(d *difference) bool {
		return d.what == refuses && matches(`strconv|XML syntax error|EOF|flate`, d.err)
	},

	// LibreOffice
	"libreoffice-computes": func(d *difference) bool {
		if d.is("openpyxl") || d.is("openxlsx") || d.is("excelize") && d.is("written") {
			return d.col == 6
		}
		return d.row > 0 && d.source(`<([a-z]+:)?f[ >]`) && (d.what == has || d.source(`t\s*=\s*["'][sbe]["']`))
	},
	"libreoffice-iso":    func(d *difference) bool { return d.dates() && d.source(`t\s*=\s*["']d`) },
	"libreoffice-target": func(d *difference) bool { return d.is("dottarget") && d.what == lacks },
	"libreoffice-early":  func(d *difference) bool { return d.dates() && !d.is("1904") && d.ours.num < 61 },
	"libreoffice-tie": func(d *difference) bool {
		return d.what == other && d.ours.kind == number && math.Abs(plain(d.theirs.text)/d.ours.num-1) < 2e-14
	},
	"libreoffice-truth-date": func(d *difference) bool { return d.what == other && d.ours.kind == boolean },
	"libreoffice-range":      func(d *difference) bool { return d.number(anyKind) && noDate(d.ours.num) },
	"libreoffice-elapsed":    func(d *difference) bool { return d.number(anyKind) && d.formatted(`\[[hms]+\]|^46$`) },
	"libreoffice-parent":     func(d *difference) bool { return d.number(anyKind) && d.is("parentdates") },
	"libreoffice-escapes":    func(d *difference) bool { return d.texts() && escapesOnly(d) },

	// Of OpenDocument spreadsheets
	"sheetjs-ods-errors": func(d *difference) bool { return ods(d) && errorAsText(d) },
	"sheetjs-ods-blanks": func(d *difference) bool {
		return ods(d) && d.ours.kind == text && squeezed(d.ours.text) == squeezed(d.theirs.text)
	},
	"sheetjs-ods-times":   func(d *difference) bool { return ods(d) && d.number(date) },
	"sheetjs-ods-early":   func(d *difference) bool { return ods(d) && d.dates() && d.ours.num < 61 },
	"sheetjs-ods-names":   func(d *difference) bool { return ods(d) && d.what == sheets },
	"sheetjs-ods-escapes": func(d *difference) bool { return ods(d) && d.texts() && matches("_x[0-9A-Fa-f]{4}_", d.ours.text) },
	"pandas-errors":       func(d *difference) bool { return errorAsText(d) },
	"pandas-na":           func(d *difference) bool { return d.what == lacks && d.ours.text == "#N/A" },
	"pandas-lines":        func(d *difference) bool { return d.texts() && joined(d.ours.text) == joined(d.theirs.text) },
	"pandas-times":        func(d *difference) bool { return d.number(date) || d.refuses("hour must be") },
	"libreoffice-ods-tab": func(d *difference) bool { return ods(d) && d.texts() && joined(d.ours.text) == joined(d.theirs.text) },
	"libreoffice-ods-truth": func(d *difference) bool {
		return ods(d) && d.number(anyKind) && matches("^(TRUE|FALSE)$", d.theirs.text)
	},
	"libreoffice-ods-times": func(d *difference) bool {
		return ods(d) && d.number(anyKind) && matches(`^\d\d/\d\d/\d{4}`, d.theirs.text)
	},

	// Cells that fewer than two of them give as ours does.
	"most-range":    func(d *difference) bool { return d.ours.kind == number && noDate(d.ours.num) },
	"most-leap-day": func(d *difference) bool { return d.ours.kind == date && leapDay(d.ours.num) },
	"most-elapsed":  func(d *difference) bool { return d.ours.kind == number && d.formatted(`\[[hms]+\]|^46$`) },
	"most-escapes": func(d *difference) bool {
		return d.ours.kind == text && (d.is("controls") || d.is("escapes") || d.ours.text == "\r")
	},
	"most-ods-errors": func(d *difference) bool { return ods(d) && d.ours.kind == fault },
	"most-ods-text": func(d *difference) bool {
		return ods(d) && d.ours.kind == text && (matches(`\s|\x{a0}`, d.ours.text) || d.ours.text == "#N/A" || d.is("libreoffice ods"))
	},
	"most-ods-truth": func(d *difference) bool {
		return ods(d) && d.ours.kind == number && (d.ours.num == 0 || d.ours.num == 1)
	},
	"most-ods-times": func(d *difference) bool { return ods(d) && d.ours.kind == number && d.ours.num >= 1 },
	"most-refuse": func(d *difference) bool {
		return d.err == "one" && matches("^zip|styles|attribute in xl/shared", d.file.how)
	},
}

func (d *difference) is(trait string) bool { return d.file.traits[trait] }

func (d *difference) refuses(with string) bool {
	return d.what == refuses && strings.Contains(d.err, with)
}

// texts: both have a text, as far as the reader says.
func (d *difference) texts() bool {
	return d.what == other && d.ours.kind == text && (d.theirs.kind == text || d.theirs.kind == anyKind)
}

// dates: both have a date, as far as the reader says.
func (d *difference) dates() bool {
	return d.what == other && d.ours.kind == date && (d.theirs.kind == date || d.theirs.kind == anyKind)
}

// number: ours has a number, the reader one of the kinds.
func (d *difference) number(theirs ...kind) bool {
	for _, k := range theirs {
		if d.what == other && d.ours.kind == number && d.theirs.kind == k {
			return true
		}
	}
	return false
}

func (d *difference) source(pattern string) bool { return matches(pattern, d.xml()) }

// formatted tells whether the code of the cell's number format, or its id where
// it has no code of its own, is of a kind.
func (d *difference) formatted(pattern string) bool {
	_, code, ok := strings.Cut(d.xml(), " format ")
	return ok && matches(pattern, code)
}

var patterns sync.Map // compiled, by the pattern

func matches(pattern, s string) bool {
	re, ok := patterns.Load(pattern)
	if !ok {
		re, _ = patterns.LoadOrStore(pattern, regexp.MustCompile(pattern))
	}
	return re.(*regexp.Regexp).MatchString(s)
}

// leapDay is 1900-02-29, which never was but which spreadsheets count.
func leapDay(serial float64) bool { return serial >= 60 && serial < 61 }

// noDate is what no spreadsheet can show as a date: before its first day or
// after 9999.
func noDate(serial float64) bool { return serial < 0 || serial >= 2958466-1462 }

func near(d *difference, by float64) bool { return math.Abs(d.ours.num-d.theirs.num) < by }

func trimmed(v value) value {
	v.text = strings.Trim(v.text, " \n\t\r")
	return v
}

var escapes = regexp.MustCompile(`(?i)_*x[0-9a-f]{4}_|[\x00-\x1f]|_`)

// escapesOnly tells whether two texts are the same but for _x000D_ and the like.
func escapesOnly(d *difference) bool {
	return escapes.ReplaceAllString(d.ours.text, "") == escapes.ReplaceAllString(d.theirs.text, "") &&
		(strings.Contains(d.ours.text+d.theirs.text, "_") || strings.ContainsAny(d.ours.text, "\x01\x1f\r"))
}

func ods(d *difference) bool { return d.file.format == "ods" }

// errorAsText: the reader gives the name of an error, as a text.
func errorAsText(d *difference) bool {
	return d.what == other && d.ours.kind == fault && d.ours.text == d.theirs.text
}

// squeezed is a text without white space at its ends, runs of it made one blank.
func squeezed(s string) string { return strings.Join(strings.Fields(s), " ") }

// joined is a text without line ends and tabs.
func joined(s string) string { return strings.NewReplacer("\n", "", "\t", "").Replace(s) }
