package oracle_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

func sorted(s []string) []string { slices.Sort(s); return s }

var titles = []string{"Sheet1", "Données 2023", "Víctimas", "a & b", "Hoja'1", "<5", "データ", "T 😀", "x_y", "Total (n)"}

// dateFormats and numberFormats are codes that say what a number is, and ones
// that only look so.
var (
	dateFormats   = []string{`yyyy\-mm\-dd`, `dd/mm/yyyy;@`, `[$-409]d\ mmm\ yyyy`, `[$-F800]dddd\,\ mmmm\ dd\,\ yyyy`, `d"th" mmm`, `yyyy`, `mmm-yy`, `[$-C0A]d" de "mmmm" de "yyyy;@`, `yyyy-mm-dd hh:mm:ss`, `m/d/yy h:mm AM/PM`, `[Red]dd.mm.yyyy`, `hh:mm:ss.000`, `mm:ss.0`, `h:mm`}
	numberFormats = []string{`0.0`, `#,##0.00\ "m²"`, `"day" 0`, `0.0"d"`, `[Red]0`, `0;[Blue]-0`, `_-* #,##0_-`, `General" s"`, `0\d`, `[$€-407]\ #,##0.00`, `0.00E+00`, `[>100]0;0.0`, `0_h`, `# ?/?`, `@`, `"yyyy"0`, `0.0%`, `[Color10]0`}
	elapsed       = []string{`[h]:mm`, `[mm]:ss`, `[ss]`, `[h]:mm:ss;@`}
	builtinDates  = []int{14, 15, 16, 17, 18, 19, 20, 21, 22, 45, 47}
	builtinOthers = []int{0, 1, 2, 3, 4, 9, 10, 11, 12, 13, 37, 38, 39, 40, 48, 49}
)

// book gives the parts of a workbook.
func (m *maker) book() []file {
	ns, rel := mainNS, relNS
	if m.is("strict") {
		ns, rel = strictNS, strictRE
	}
	if m.is("prefix") {
		m.p = pick(m, []string{"x:", "main:", "ssml:"})
	}
	m.from04 = m.is("1904")
	m.styles = []format{{0, ""}, {14, ""}, {22, ""}}
	if m.is("formats") {
		for i := range 4 {
			m.styles = append(m.styles, format{164 + 2*i, pick(m, dateFormats)}, format{165 + 2*i, pick(m, numberFormats)}, format{pick(m, builtinDates), ""}, format{pick(m, builtinOthers), ""})
		}
	}
	if m.is("elapsed") {
		m.styles = append(m.styles, format{46, ""}, format{200, pick(m, elapsed)})
	}
	xmlns := []string{"xmlns" + map[bool]string{true: ":" + strings.TrimSuffix(m.p, ":")}[m.p != ""], ns}
	dir, stem := "xl/", "worksheets/sheet"
	bookName, sstName, styleName := "workbook.xml", "sharedStrings.xml", "styles.xml"
	if m.is("oddparts") {
		dir, stem = pick(m, []string{"xl/", "book/", "a/b/"}), pick(m, []string{"worksheets/Blatt", "tab", "w/sheet_"})
		sstName, styleName = "strings.xml", "st/Styles.XML"
	}
	n := 1 + m.IntN(3)
	names := m.Perm(len(titles))[:n]
	var parts []file
	var list, rels []string
	types := []string{
		m.tag("Default", "", "Extension", "rels", "ContentType", "application/vnd.openxmlformats-package.relationships+xml"),
		m.tag("Default", "", "Extension", "xml", "ContentType", "application/xml"),
		m.tag("Override", "", "PartName", "/"+dir+bookName, "ContentType", typesML+"sheet.main+xml"),
	}
	add := func(id, kind, name, mime, body string) {
		target := name
		switch {
		case m.is("absolute"):
			target = "/" + dir + name
		case m.is("dottarget"):
			target = "./" + name
		}
		rels = append(rels, m.tag("Relationship", "", "Id", id, "Type", rel+"/"+kind, "Target", target))
		types = append(types, m.tag("Override", "", "PartName", "/"+dir+name, "ContentType", typesML+mime+"+xml"))
		parts = append(parts, file{dir + name, m.decl() + body})
	}
	for i := range n {
		id := fmt.Sprintf("rId%d", 10-i)
		attrs := []string{"name", titles[names[i]], "sheetId", strconv.Itoa(1 + i*3)}
		if i > 0 && m.IntN(4) == 0 {
			attrs = append(attrs, "state", pick(m, []string{"hidden", "veryHidden"}))
		}
		list = append(list, m.el("sheet", "", append(attrs, "r:id", id)...))
		body := m.el("worksheet", m.sheet(titles[names[i]]), append(slices.Clone(xmlns), "xmlns:r", rel)...)
		add(id, "worksheet", stem+strconv.Itoa(i+1)+".xml", "worksheet", body)
	}
	if len(m.sst) > 0 || m.IntN(2) == 0 {
		count, unique := m.uses, len(m.sst)
		if m.is("badcount") {
			count, unique = m.IntN(5), m.IntN(5)
		}
		add("rId20", "sharedStrings", sstName, "sharedStrings", m.el("sst", m.join(m.sst), append(slices.Clone(xmlns), "count", strconv.Itoa(count), "uniqueCount", strconv.Itoa(unique))...))
	}
	add("rId21", "styles", styleName, "styles", m.stylesheet(xmlns))
	pr := ""
	if m.from04 {
		pr = m.el("workbookPr", "", "date1904", pick(m, []string{"1", "true"}))
	} else if m.IntN(3) == 0 {
		pr = m.el("workbookPr", "", "date1904", "0")
	}
	attrs := append(slices.Clone(xmlns), "xmlns:r", rel)
	if m.is("strict") {
		attrs = append(attrs, "conformance", "strict")
	}
	// LibreOffice computes formulas anew unless a program that it knows wrote them.
	parts = append(parts, file{"docProps/app.xml", `<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Application>Microsoft Excel</Application><AppVersion>16.0300</AppVersion></Properties>`})
	types = append(types, m.tag("Override", "", "PartName", "/docProps/app.xml", "ContentType", "application/vnd.openxmlformats-officedocument.extended-properties+xml"))
	top := m.tag("Relationship", "", "Id", "rId1", "Type", rel+"/officeDocument", "Target", dir+bookName) +
		m.tag("Relationship", "", "Id", "rId2", "Type", rel+map[bool]string{false: "/extended-properties", true: "/extendedProperties"}[m.is("strict")], "Target", "docProps/app.xml")
	return append([]file{
		{"[Content_Types].xml", m.decl() + m.tag("Types", strings.Join(types, ""), "xmlns", typesNS)},
		{"_rels/.rels", m.decl() + m.tag("Relationships", top, "xmlns", packNS)},
		{dir + bookName, m.decl() + m.el("workbook", pr+m.el("sheets", strings.Join(list, "")), attrs...)},
		{dir + "_rels/" + bookName + ".rels", m.decl() + m.tag("Relationships", strings.Join(rels, ""), "xmlns", packNS)},
	}, parts...)
}

// decl is what a part begins with.
func (m *maker) decl() string {
	s := ""
	if m.chance("bom", 70) {
		s = "\ufeff"
	}
	if m.chance("nodecl", 70) {
		return s
	}
	return s + pick(m, []string{
		`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\r\n", `<?xml version="1.0" encoding="utf-8"?>`, `<?xml version='1.0' encoding='UTF-8'?>` + "\n", `<?xml version="1.0"?>`,
	})
}

func (m *maker) stylesheet(xmlns []string) string {
	var fmts, xfs []string
	seen := map[int]bool{}
	for _, s := range m.styles {
		if s.code != "" && !seen[s.id] {
			seen[s.id] = true
			fmts = append(fmts, m.el("numFmt", "", "numFmtId", strconv.Itoa(s.id), "formatCode", s.code))
		}
		xfs = append(xfs, m.el("xf", "", "numFmtId", strconv.Itoa(s.id), "fontId", "0", "fillId", "0", "borderId", "0", "xfId", "0", "applyNumberFormat", "1"))
	}
	b := ""
	if len(fmts) > 0 {
		b = m.el("numFmts", m.joinStyles(fmts), "count", strconv.Itoa(len(fmts)))
	}
	b += m.el("fonts", m.el("font", m.el("sz", "", "val", "11")+m.el("name", "", "val", "Calibri")), "count", "1")
	b += m.el("fills", m.el("fill", m.el("patternFill", "", "patternType", "none"))+m.el("fill", m.el("patternFill", "", "patternType", "gray125")), "count", "2")
	b += m.el("borders", m.el("border", m.el("left", "")+m.el("right", "")+m.el("top", "")+m.el("bottom", "")+m.el("diagonal", "")), "count", "1")
	b += m.el("cellStyleXfs", m.el("xf", "", "numFmtId", map[bool]string{false: "0", true: "14"}[m.is("parentdates")], "fontId", "0", "fillId", "0", "borderId", "0"), "count", "1")
	b += m.el("cellXfs", m.joinStyles(xfs), "count", strconv.Itoa(len(xfs)))
	b += m.el("cellStyles", m.el("cellStyle", "", "name", "Normal", "xfId", "0", "builtinId", "0"), "count", "1")
	return m.el("styleSheet", b, xmlns...)
}
