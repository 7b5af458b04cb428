package template

import "github.com/xuri/excelize/v2"

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
	title, heading, help, column, code, label, labelTotal, input, choice, wide, date, total, check, text, last, list, bad, asks int
}

// makeStyles makes the styles of the form. Each has a name, the same in all
// languages, so that an office can change how the form looks in one place.
func (w *writer) makeStyles() {
	border := []excelize.Border{{Type: "left", Color: edge, Style: 1}, {Type: "right", Color: edge, Style: 1}, {Type: "top", Color: edge, Style: 1}, {Type: "bottom", Color: edge, Style: 1}}
	fill := func(c string) excelize.Fill { return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{c}} }
	open := &excelize.Protection{Locked: false}
	font := func(size float64, bold bool, color string) *excelize.Font {
		return &excelize.Font{Family: "Calibri", Size: size, Bold: bold, Color: color}
	}
	wrap := &excelize.Alignment{WrapText: true, Vertical: "top"}
	centre := &excelize.Alignment{WrapText: true, Horizontal: "center", Vertical: "center"}
	top := &excelize.Alignment{Vertical: "top"} // as the labels stand, where these take two lines
	day, sum := w.words["date.format"], `"Σ = "#,##0`
	for _, s := range []struct {
		id    *int
		name  string
		style excelize.Style
	}{
		{&w.style.title, "title", excelize.Style{Font: font(15, true, "")}},
		{&w.style.heading, "heading", excelize.Style{Font: font(12, true, ""), Fill: fill(headGround)}},
		{&w.style.help, "help", excelize.Style{Font: &excelize.Font{Family: "Calibri", Size: 10, Italic: true, Color: "505050"}}},
		{&w.style.column, "column", excelize.Style{Font: font(11, true, ""), Border: border, Alignment: centre}},
		{&w.style.code, "code", excelize.Style{Font: font(6, false, grey), Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", ShrinkToFit: true}}},
		{&w.style.label, "label", excelize.Style{Font: font(11, false, ""), Border: border, Alignment: wrap}},
		{&w.style.labelTotal, "total label", excelize.Style{Font: font(11, true, ""), Border: border, Alignment: wrap}},
		{&w.style.input, "figure", excelize.Style{Font: font(11, false, ""), Border: border, Fill: fill(inputGround), Protection: open, Alignment: top, NumFmt: 3}},
		{&w.style.choice, "choice", excelize.Style{Font: font(11, false, ""), Border: border, Fill: fill(inputGround), Protection: open, Alignment: top}},
		{&w.style.wide, "answer", excelize.Style{Font: font(11, false, ""), Border: border, Fill: fill(inputGround), Protection: open, Alignment: wrap}},
		{&w.style.date, "date", excelize.Style{Font: font(11, false, ""), Border: border, Fill: fill(inputGround), Protection: open, Alignment: &excelize.Alignment{Horizontal: "left"}, CustomNumFmt: &day}},
		{&w.style.total, "total", excelize.Style{Font: font(11, true, ""), Border: border, Fill: fill(inputGround), Protection: open, Alignment: top, NumFmt: 3}},
		{&w.style.check, "check", excelize.Style{Font: font(10, true, "B00020"), Alignment: &excelize.Alignment{Horizontal: "left", Vertical: "top"}, CustomNumFmt: &sum}},
		{&w.style.last, "last year", excelize.Style{Font: font(10, false, grey), Alignment: &excelize.Alignment{Horizontal: "right"}, NumFmt: 3}},
		{&w.style.text, "text", excelize.Style{Font: font(11, false, ""), Alignment: wrap}},
		{&w.style.list, "list", excelize.Style{Font: font(11, false, "")}},
	} {
		id, err := w.f.NewStyle(&s.style)
		w.do(err)
		*s.id = id
		w.nameStyle(id, "tipstat "+s.name)
	}
	var err error
	w.style.bad, err = w.f.NewConditionalStyle(&excelize.Style{Fill: fill(badGround), Font: &excelize.Font{Bold: true, Color: "7A0012"}})
	w.do(err)
	w.style.asks, err = w.f.NewConditionalStyle(&excelize.Style{Fill: fill(askGround)})
	w.do(err)
}

// nameStyle makes a format of cells a named style, for which excelize has no
// call: a cell's format points to a master format, and the master has the name.
func (w *writer) nameStyle(id int, name string) {
	if w.err != nil {
		return
	}
	st := w.f.Styles
	master, at := st.CellXfs.Xf[id], len(st.CellStyleXfs.Xf)
	master.XfID = nil
	st.CellXfs.Xf[id].XfID = &at
	st.CellStyleXfs.Xf = append(st.CellStyleXfs.Xf, master)
	st.CellStyleXfs.Count = len(st.CellStyleXfs.Xf)
	named := *st.CellStyles.CellStyle[0]
	named.Name, named.XfID, named.BuiltInID = name, at, nil
	st.CellStyles.CellStyle = append(st.CellStyles.CellStyle, &named)
	st.CellStyles.Count = len(st.CellStyles.CellStyle)
}
