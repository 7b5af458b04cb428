package oracle_test

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/oas/tipstat/transform/record"
)

var words = []string{
	"víctimas", "a & b", "<5", "  spaces  ", "two\nlines", "😀", "n.d.", `"q"`, "=1+1", "00123", "tab\there", "it's", "x > y", "ñandú", "日本語",
	"1", "TRUE", "2023-04-03", "a", "-", "#N/A", "1,757", " ", "e\u0301", "\u00a0", "trailing ", "\nfirst", "%", "total", "<b>bold</b>", "]]", "&amp;", "{}", "$A$1",
}

// sheet gives what stands in a worksheet.
func (m *maker) sheet(title string) string {
	rows, last := m.rows(title)
	b := ""
	if m.is("dimension") || m.is("baddimension") {
		ref := "A1:" + record.CellName(max(last, 1), 30)
		if m.is("baddimension") {
			ref = pick(m, []string{"A1", "B2:C3", "A1:A1"})
		}
		b += m.el("dimension", "", "ref", ref)
	}
	if m.is("extras") {
		b += m.el("sheetViews", m.el("sheetView", m.el("selection", "", "activeCell", "B2", "sqref", "B2"), "workbookViewId", "0"))
		b += m.el("sheetFormatPr", "", "defaultRowHeight", "15")
		b += m.el("cols", m.el("col", "", "min", "1", "max", "2", "width", "12.5", "customWidth", "1"))
	}
	b += m.between() + m.el("sheetData", rows) + m.between()
	if m.is("extras") {
		b += m.el("mergeCells", m.el("mergeCell", "", "ref", "AF3:AG4"), "count", "1")
		b += m.el("pageMargins", "", "left", "0.7", "right", "0.7", "top", "0.75", "bottom", "0.75", "header", "0.3", "footer", "0.3")
		b += m.el("extLst", m.el("ext", `<v:x xmlns:v="urn:v"><v:c r="A1">7</v:c></v:x>`, "uri", "{1}"))
	}
	return b
}

func (m *maker) rows(title string) (xml string, last int) {
	var rows []string
	for range m.IntN(16) {
		step := 1
		if m.IntN(3) == 0 {
			step += m.IntN(4)
		}
		var attrs []string
		if step == 1 && m.chance("norowref", 60) {
			last++
		} else {
			last += step
			attrs = append(attrs, "r", strconv.Itoa(last))
		}
		if m.IntN(3) == 0 {
			attrs = append(attrs, "spans", "1:30")
		}
		if m.IntN(6) == 0 {
			attrs = append(attrs, "ht", "15.75", "customHeight", "1")
		}
		if m.chance("hiddenrows", 30) {
			attrs = append(attrs, "hidden", pick(m, []string{"1", "true"}))
		}
		rows = append(rows, m.el("row", m.cells(title, last), attrs...))
	}
	return m.join(rows), last
}

func (m *maker) cells(title string, row int) string {
	var cells []string
	col := 0
	for range m.IntN(9) {
		step := 1
		if m.IntN(4) == 0 {
			step += m.IntN(5)
		}
		var attrs []string
		if step == 1 && m.chance("nocellref", 50) {
			col++
		} else {
			col += step
			attrs = append(attrs, "r", record.CellName(row, col))
		}
		m.code = ""
		c := m.cell(attrs)
		m.source[title+"!"+record.CellName(row, col)] = c + " format " + m.code
		cells = append(cells, c)
	}
	return m.join(cells)
}

// cell writes one cell, of a kind and in a form by chance.
func (m *maker) cell(attrs []string) string {
	style := func(of func(format) bool) {
		for range 8 {
			if i := m.IntN(len(m.styles)); of(m.styles[i]) {
				attrs = append(attrs, "s", strconv.Itoa(i))
				m.code = cmp.Or(m.styles[i].code, strconv.Itoa(m.styles[i].id))
				return
			}
		}
	}
	every := func(format) bool { return true }
	plain := func(f format) bool { return f.id < 14 && f.code == "" || slices.Contains(numberFormats, f.code) }
	styled := func() {
		if m.is("typedstyles") { // a date's style on what is no number
			style(every)
		} else if m.IntN(4) == 0 {
			style(plain)
		}
	}
	t := func(kind string) { attrs = append(attrs, "t", kind) }
	switch k := m.IntN(100); {
	case k < 40:
		styled()
		return m.textCell(attrs)
	case k < 62:
		if m.is("datednumbers") {
			style(every)
		} else if m.IntN(3) == 0 {
			style(plain)
		}
		if m.IntN(5) == 0 {
			t("n")
		}
		return m.el("c", m.formula("")+m.el("v", m.number()), attrs...)
	case k < 74:
		style(func(f format) bool { return !plain(f) })
		return m.el("c", m.el("v", m.serial()), attrs...)
	case k < 81:
		styled()
		t("b")
		v := strconv.Itoa(m.IntN(2))
		if m.is("truefalse") {
			v = map[string]string{"0": "false", "1": "true"}[v]
		}
		return m.el("c", m.formula("")+m.el("v", v), attrs...)
	case k < 87:
		t("e")
		return m.el("c", m.formula("")+m.el("v", pick(m, []string{"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})), attrs...)
	case k < 90 && m.is("iso"):
		style(func(f format) bool { return f.id == 14 || f.id == 22 })
		t("d")
		return m.el("c", m.el("v", pick(m, []string{"2023-04-03", "2023-04-03T12:30:00", "1999-12-31T23:59:59", "2020-02-29T00:00:00Z", "2011-01-01T08:15:30.250"})), attrs...)
	case k < 92 && m.is("nocache"):
		return m.el("c", m.el("f", "1+1"), attrs...)
	}
	if m.is("blanks") {
		style(every)
		switch m.IntN(4) {
		case 0:
			return m.el("c", m.el("v", ""), attrs...)
		case 1:
			t("str")
			return m.el("c", m.el("v", ""), attrs...)
		}
	}
	return m.el("c", "", attrs...)
}

// textCell writes a text as a shared string, in the cell or as what a formula gave.
func (m *maker) textCell(attrs []string) string {
	s := m.words()
	k := m.IntN(3)
	switch {
	case k == 0 && m.is("formulas"):
		return m.el("c", m.formula("!")+m.el("v", m.text(s), m.space(s)...), append(attrs, "t", "str")...)
	case k == 1 && m.is("inline"):
		return m.el("c", m.el("is", m.richText(s)), append(attrs, "t", "inlineStr")...)
	}
	m.uses++
	if m.IntN(3) == 0 && len(m.sst) > 0 {
		k = m.IntN(len(m.sst))
	} else {
		k = len(m.sst)
		m.sst = append(m.sst, m.el("si", m.richText(s)))
	}
	formula := "" // of what Excel writes none gives a shared string
	if m.is("sharedresults") {
		formula = m.formula("")
	}
	return m.el("c", formula+m.el("v", strconv.Itoa(k)), append(attrs, "t", "s")...)
}

func (m *maker) words() string {
	s := pick(m, words)
	for m.IntN(4) == 0 {
		s += pick(m, words)
	}
	if m.chance("controls", 20) {
		s += pick(m, []string{"\x01", "\r", "\x1f", "\r\n"}) + "z"
	}
	if m.chance("escapes", 30) {
		s = pick(m, []string{"_x000D_", "_x0041_", "a_x005F_b", "_x", "_xZZZZ_", "_x00e9_", "__x0009_"}) + s
	}
	if m.chance("blanks", 6) {
		s = ""
	}
	return s
}

func (m *maker) space(s string) []string {
	if strings.TrimSpace(s) != s || m.IntN(10) == 0 {
		return []string{"xml:space", "preserve"}
	}
	return nil
}

// richText gives what stands in si or is: t, or runs.
func (m *maker) richText(s string) string {
	t := func(s string) string { return m.el("t", m.text(s), m.space(s)...) }
	b := ""
	if m.chance("rich", 60) && !strings.Contains(s, "_x") {
		r := []rune(s)
		cut := m.IntN(len(r) + 1)
		b = m.el("r", t(string(r[:cut])))
		b += m.el("r", m.el("rPr", m.el("b", "")+m.el("sz", "", "val", "11"))+t(string(r[cut:])))
	} else {
		b = t(s)
	}
	if m.chance("phonetic", 60) {
		b += m.el("rPh", t("ふりがな"), "sb", "0", "eb", "1") + m.el("phoneticPr", "", "fontId", "1")
	}
	return b
}

// formula is an f element in some of the cells.
func (m *maker) formula(must string) string {
	if must == "" && !m.chance("formulas", 30) {
		return ""
	}
	switch m.IntN(6) {
	case 0:
		return m.el("f", "A1&amp;\"&lt;c>\"")
	case 1:
		return m.el("f", "SUM(B1:B2)", "ca", "1")
	}
	return m.el("f", "IF(A1=\"x\",1,2)")
}

func (m *maker) number() string {
	s := ""
	switch m.IntN(8) {
	case 0:
		s = strconv.Itoa(m.IntN(1_000_000))
	case 1:
		s = strconv.Itoa(-m.IntN(5000))
	case 2:
		s = strconv.FormatFloat(m.NormFloat64()*1000, 'g', -1, 64)
	case 3:
		s = pick(m, []string{"0.30000000000000004", "0.1", "1E-10", "1e15", "1.5E+20", "0.25", "123456789012345678", "9.99999999999999E+307", "4.9E-300", "-0", "100"})
	default:
		s = strconv.Itoa(m.IntN(100))
	}
	if m.is("oddnumbers") && m.IntN(4) == 0 {
		s = pick(m, []string{"1.50", "007", ".5", "5.", "1e3", "+1", "0.0", "-.25E2", "1E+0003", "00.50"})
	}
	if m.chance("spacednumbers", 30) {
		s = " " + s + "\n"
	}
	return s
}

// serial is a number that a date's format shows as a date.
func (m *maker) serial() string {
	day := 100 + m.IntN(60000)
	if m.chance("earlydates", 50) {
		day = m.IntN(70)
	}
	switch m.IntN(4) {
	case 0:
		return fmt.Sprintf("%d.%s", day, pick(m, []string{"5", "25", "75", "125"}))
	case 1:
		return strconv.FormatFloat(float64(day)+float64(m.IntN(86400))/86400, 'f', -1, 64)
	}
	return strconv.Itoa(day)
}
