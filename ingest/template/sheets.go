package template

import (
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

// Colours: the grounds of the cells for writing are the only ones with colour,
// and warnings differ from them in print without colour too, by bold type.
const (
	inputGround = "FFF8DC"
	headGround  = "D9E2EC"
	badGround   = "F4B6B6"
	askGround   = "FCD9A8"
	grey        = "8A8A8A"
	edge        = "B8B8B8"
)

type styles struct {
	title, heading, help, column, code, label, labelTotal, input, choice, wide, total, check, text, last, bad, asks int
}

func (w *writer) makeStyles() {
	border := []excelize.Border{{Type: "left", Color: edge, Style: 1}, {Type: "right", Color: edge, Style: 1}, {Type: "top", Color: edge, Style: 1}, {Type: "bottom", Color: edge, Style: 1}}
	fill := func(c string) excelize.Fill { return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{c}} }
	open := &excelize.Protection{Locked: false}
	font := func(size float64, bold bool, color string) *excelize.Font {
		return &excelize.Font{Family: "Calibri", Size: size, Bold: bold, Color: color}
	}
	wrap := &excelize.Alignment{WrapText: true, Vertical: "top"}
	centre := &excelize.Alignment{WrapText: true, Horizontal: "center", Vertical: "center"}
	for _, s := range []struct {
		id    *int
		style excelize.Style
	}{
		{&w.style.title, excelize.Style{Font: font(15, true, "")}},
		{&w.style.heading, excelize.Style{Font: font(12, true, ""), Fill: fill(headGround)}},
		{&w.style.help, excelize.Style{Font: &excelize.Font{Family: "Calibri", Size: 10, Italic: true, Color: "505050"}}},
		{&w.style.column, excelize.Style{Font: font(11, true, ""), Border: border, Alignment: centre}},
		{&w.style.code, excelize.Style{Font: font(6, false, grey), Alignment: &excelize.Alignment{Horizontal: "center"}}},
		{&w.style.label, excelize.Style{Font: font(11, false, ""), Border: border, Alignment: wrap}},
		{&w.style.labelTotal, excelize.Style{Font: font(11, true, ""), Border: border, Alignment: wrap}},
		{&w.style.input, excelize.Style{Font: font(11, false, ""), Border: border, Fill: fill(inputGround), Protection: open, NumFmt: 3}},
		{&w.style.choice, excelize.Style{Font: font(11, false, ""), Border: border, Fill: fill(inputGround), Protection: open}},
		{&w.style.wide, excelize.Style{Font: font(11, false, ""), Border: border, Fill: fill(inputGround), Protection: open, Alignment: wrap}},
		{&w.style.total, excelize.Style{Font: font(11, true, ""), Border: border, Fill: fill(inputGround), Protection: open, NumFmt: 3}},
		{&w.style.check, excelize.Style{Font: font(10, true, "B00020"), Alignment: &excelize.Alignment{Horizontal: "right"}, NumFmt: 3}},
		{&w.style.last, excelize.Style{Font: font(10, false, grey), Alignment: &excelize.Alignment{Horizontal: "right"}, NumFmt: 3}},
		{&w.style.text, excelize.Style{Font: font(11, false, ""), Alignment: wrap}},
	} {
		id, err := w.f.NewStyle(&s.style)
		w.do(err)
		*s.id = id
	}
	var err error
	w.style.bad, err = w.f.NewConditionalStyle(&excelize.Style{Fill: fill(badGround), Font: &excelize.Font{Bold: true, Color: "7A0012"}})
	w.do(err)
	w.style.asks, err = w.f.NewConditionalStyle(&excelize.Style{Fill: fill(askGround)})
	w.do(err)
}

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
	w.choose(name, record.CellName(row-1, 3), "tip_month", true)
	row++
	w.put(name, row, 2, w.words["cover.how"], w.style.heading)
	w.put(name, row, 3, nil, w.style.heading)
	for _, key := range []string{"cover.step1", "cover.step2", "cover.step3", "cover.step4", "cover.step5", "cover.step6", "cover.privacy"} {
		row++
		w.paragraph(name, row, 2, 3, w.words[key])
	}
	w.page(name)
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

// explain shows the definition of a category when its label is selected. Excel
// takes 255 characters; what is longer stands on the sheet of definitions.
func (w *writer) explain(sheet, at, concept, code string) {
	const most = 255
	text := w.definition(concept, code)
	if text == "" || len([]rune(text)) > most {
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
			w.do(w.f.SetRowHeight(name, row, 46))
			if _, ok := listOf(a); ok {
				w.choose(name, record.CellName(row, 4), "tip_"+a, true)
			}
		}
	}
	row += 2
	w.put(name, row, 2, w.words["concepts.title"], w.style.heading)
	for col := 3; col <= 6; col++ {
		w.put(name, row, col, nil, w.style.heading)
	}
	row++
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
	w.page(name)
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
			list, coded := listOf(a)
			if l, ok := w.codes.List(list); coded && ok {
				for _, c := range l.Codes() {
					if c.ID != "_Z" {
						add(a, c.ID)
					}
				}
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

func (w *writer) notes() {
	name := w.words["sheet.notes"]
	w.newSheet(name)
	w.do(w.f.SetColWidth(name, "A", "A", codeWidth))
	w.do(w.f.SetColWidth(name, "B", "B", 110))
	w.put(name, 1, 2, w.words["notes.title"], w.style.title)
	w.paragraph(name, 2, 2, 2, w.words["notes.intro"])
	for row := 4; row < 24; row++ {
		w.put(name, row, 2, nil, w.style.wide)
		w.do(w.f.SetRowHeight(name, row, 32))
	}
	w.page(name)
}

// page sets up print, and locks what is not for writing. The lock has no
// password: it keeps a slip of the hand from harm, and hides nothing.
func (w *writer) page(sheet string) {
	landscape, a4, one, many := "landscape", 9, 1, 0
	fit := true
	w.do(w.f.SetPageLayout(sheet, &excelize.PageLayoutOptions{Orientation: &landscape, Size: &a4, FitToWidth: &one, FitToHeight: &many}))
	w.do(w.f.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &fit}))
	w.do(w.f.SetHeaderFooter(sheet, &excelize.HeaderFooterOptions{OddFooter: "&L&A&C" + w.form.ID + " " + w.form.Version + " · " + w.opts.State + " " + strconv.Itoa(w.opts.Year) + " &R" + w.words["print.page"] + " &P / &N"}))
	w.do(w.f.ProtectSheet(sheet, &excelize.SheetProtectionOptions{SelectLockedCells: true, SelectUnlockedCells: true, FormatColumns: true, FormatRows: true}))
}
