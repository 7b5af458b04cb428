package template

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"github.com/oas/tipstat/transform/record"
)

// sortIn sorts names as a language does.
func sortIn(lang string, names []string) {
	collate.New(language.Make(lang)).SortStrings(names)
}

// codeWidth is the width of the column of codes, which are printed small.
const codeWidth = 10

// cover writes who the form is for and how it is filled in.
func (w *writer) cover(state string) {
	name := w.words["sheet.cover"]
	w.do(w.f.SetColWidth(name, "A", "A", codeWidth))
	w.do(w.f.SetColWidth(name, "B", "B", 36))
	w.do(w.f.SetColWidth(name, "C", "C", 60))
	w.put(name, 1, 2, w.words["cover.title"], w.style.title)
	w.put(name, 2, 2, w.words["cover.subtitle"], w.style.help)
	row := 4
	line := func(code, label string, value any, help string, style int) {
		w.put(name, row, codeCol, code, w.style.code)
		w.put(name, row, 2, label, w.style.label)
		w.put(name, row, 3, value, style)
		if help != "" {
			w.put(name, row, 4, help, w.style.help)
		}
		row++
	}
	line("REF_AREA", w.words["cover.state"], state, "", w.style.label)
	line("TIME_PERIOD", w.words["cover.period"], strconv.Itoa(w.opts.Year), "", w.style.label)
	line("authority", w.words["cover.authority"], nil, "", w.style.wide)
	line("role", w.words["cover.role"], nil, w.words["cover.role.help"], w.style.wide)
	line("fiscal", w.words["cover.fiscal"], w.label("CL_MONTH", w.answer("fiscal", "01")), w.words["cover.fiscal.help"], w.style.choice)
	w.choose(name, record.CellName(row-1, 3), "tip_month")
	line("as_of", w.words["cover.as_of"], nil, w.words["cover.as_of.help"], w.style.date)
	w.day(name, record.CellName(row-1, 3))
	row++
	w.put(name, row, 2, w.words["cover.how"], w.style.heading)
	w.put(name, row, 3, nil, w.style.heading)
	for _, key := range []string{"cover.step1", "cover.step2", "cover.step3", "cover.step4", "cover.step5", "cover.step6", "cover.privacy"} {
		row++
		w.paragraph(name, row, 2, 3, w.words[key])
	}
	w.page(name, "landscape")
}

// paragraph writes a text over several columns, high enough to be read whole.
func (w *writer) paragraph(sheet string, row, first, last int, text string) {
	w.put(sheet, row, first, text, w.style.text)
	if first < last {
		w.do(w.f.MergeCell(sheet, record.CellName(row, first), record.CellName(row, last)))
	}
	width := 0.0
	for col := first; col <= last; col++ {
		n, err := w.f.GetColWidth(sheet, record.ColumnName(col))
		w.do(err)
		width += n
	}
	lines := 1 + int(float64(len([]rune(text)))*1.12/width)
	w.do(w.f.SetRowHeight(sheet, row, 15.5*float64(lines)))
}

// answer is what the form of last year said of a question.
func (w *writer) answer(key, otherwise string) string {
	if w.last == nil || w.last.answers[key] == "" {
		return otherwise
	}
	return w.last.answers[key]
}

// definition says what a category means.
func (w *writer) definition(concept, code string) string {
	all, err := definitions()
	w.do(err)
	return all[concept+"."+code][w.opts.Lang]
}

// explain shows the definition of a category when its label is selected.
func (w *writer) explain(sheet, at, concept, code string) {
	text := w.definition(concept, code)
	if text == "" {
		return
	}
	dv := excelize.NewDataValidation(true)
	dv.SetSqref(at)
	dv.SetInput("", text)
	w.do(w.f.AddDataValidation(sheet, dv))
}

// fit makes a row high enough for its texts, which are wrapped.
func (w *writer) fit(sheet string, row, col int, texts []string) {
	lines := 1
	for i, text := range texts {
		width, err := w.f.GetColWidth(sheet, record.ColumnName(col+i))
		w.do(err)
		lines = max(lines, 1+int(float64(len([]rune(text)))*1.12/width))
	}
	w.do(w.f.SetRowHeight(sheet, row, 15.5*float64(lines)))
}

// definitions asks what makes figures comparable, and says what each category
// of the form means.
func (w *writer) definitions() {
	name := w.words["sheet.definitions"]
	w.newSheet(name)
	for i, width := range []float64{codeWidth, 22, 30, 40, 70, 40} {
		col := record.ColumnName(i + 1)
		w.do(w.f.SetColWidth(name, col, col, width))
	}
	w.put(name, 1, 2, w.words["definitions.title"], w.style.title)
	w.paragraph(name, 2, 2, 6, w.words["definitions.intro"])
	row := 4
	for i, key := range []string{"definitions.record", "definitions.attribute", "definitions.answer", "definitions.meaning"} {
		w.put(name, row, 2+i, w.words[key], w.style.column)
	}
	for _, s := range w.form.Chosen(w.opts.Records) {
		for _, a := range s.Attributes {
			row++
			w.put(name, row, codeCol, s.ID+"."+a, w.style.code)
			w.put(name, row, 2, w.words["sheet."+s.ID], w.style.label)
			w.put(name, row, 3, w.words["attribute."+a], w.style.label)
			var said any
			if v := w.answer(s.ID+"."+a, ""); v != "" {
				if said = v; a != "LEGAL_ARTICLE" {
					said = w.conceptLabel(a, v)
				}
			}
			w.put(name, row, 4, said, w.style.wide)
			w.put(name, row, 5, w.words["attribute."+a+".help"], w.style.text)
			w.do(w.f.SetRowHeight(name, row, 32))
			if _, ok := listOf(a); ok {
				w.choose(name, record.CellName(row, 4), "tip_"+a)
			}
		}
	}
	row += 2
	w.put(name, row, 2, w.words["concepts.title"], w.style.heading)
	for col := 3; col <= 6; col++ {
		w.put(name, row, col, nil, w.style.heading)
	}
	row++
	w.repeat(name, row, row)
	for i, key := range []string{"concepts.list", "concepts.code", "concepts.label", "concepts.definition", "concepts.source"} {
		w.put(name, row, 2+i, w.words[key], w.style.column)
	}
	for _, c := range w.categories() {
		l, _ := w.codes.List(c.list)
		code, _ := l.Code(c.code)
		row++
		texts := []string{w.conceptName(c.concept), c.code, code.Name[w.opts.Lang], w.definition(c.concept, c.code), code.Source}
		for i, text := range texts {
			w.put(name, row, 2+i, text, w.style.label)
		}
		w.fit(name, row, 2, texts)
	}
	w.freeze(name, 1)
	w.page(name, "landscape")
}

type category struct{ concept, list, code string }

// categories are the codes that the form uses, each once, in its order.
func (w *writer) categories() (all []category) {
	add := func(concept, code string) {
		list, ok := listOf(concept)
		if c := (category{concept, list, code}); ok && concept != "" && code != "_T" && !slices.Contains(all, c) {
			all = append(all, c)
		}
	}
	for _, s := range w.form.Chosen(w.opts.Records) {
		for _, a := range s.Attributes {
			for _, c := range w.form.offered(w.codes, a) {
				add(a, c.ID)
			}
		}
		for _, t := range s.Tables {
			add("INDICATOR", t.Concepts["INDICATOR"])
			for _, a := range []Axis{t.Rows, t.Columns} {
				for _, code := range a.Codes {
					add(a.Concept, code)
				}
				for _, concept := range a.Concepts {
					for _, code := range a.Choices[concept] {
						add(concept, code)
					}
				}
			}
		}
	}
	slices.SortStableFunc(all, func(a, b category) int {
		switch {
		case a.concept < b.concept:
			return -1
		case a.concept > b.concept:
			return 1
		}
		return 0
	})
	return slices.DeleteFunc(all, func(c category) bool { return c.code == "" })
}

// freeze keeps the first rows of a sheet in sight.
func (w *writer) freeze(sheet string, rows int) {
	w.do(w.f.SetPanes(sheet, &excelize.Panes{Freeze: true, YSplit: rows, TopLeftCell: record.CellName(rows+1, 1), ActivePane: "bottomLeft"}))
}

// repeat prints some rows at the top of each page that follows.
func (w *writer) repeat(sheet string, first, last int) {
	w.do(w.f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: fmt.Sprintf("'%s'!$%d:$%d", sheet, first, last), Scope: sheet}))
}

// page sets up print, and locks what is not for writing. The lock has no
// password: it keeps a slip of the hand from harm, and hides nothing.
func (w *writer) page(sheet, orientation string) {
	a4, one, many, fit := 9, 1, 0, true
	side, top, foot := 0.4, 0.7, 0.3 // inches
	w.do(w.f.SetPageLayout(sheet, &excelize.PageLayoutOptions{Orientation: &orientation, Size: &a4, FitToWidth: &one, FitToHeight: &many}))
	w.do(w.f.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &fit}))
	w.do(w.f.SetPageMargins(sheet, &excelize.PageLayoutMarginsOptions{Left: &side, Right: &side, Top: &top, Bottom: &top, Header: &foot, Footer: &foot}))
	w.do(w.f.SetHeaderFooter(sheet, &excelize.HeaderFooterOptions{OddFooter: "&L&A&C" + w.form.ID + " " + w.form.Version + " · " + w.opts.State + " " + strconv.Itoa(w.opts.Year) + " &R" + w.words["print.page"] + " &P / &N"}))
	w.do(w.f.ProtectSheet(sheet, &excelize.SheetProtectionOptions{SelectLockedCells: true, SelectUnlockedCells: true, FormatColumns: true, FormatRows: true}))
}
