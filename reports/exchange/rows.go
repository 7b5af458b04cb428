package exchange

import (
	"strconv"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"

	"github.com/oas/tipstat/reports/table"
)

// value writes a figure as the form does; false where it has no way to say it.
// The kinds of nothing have no row.
func (f *Form) value(c table.Cell) (string, bool) {
	if f.Small.Text == "" { // bounds can be said
		if c.Value != nil {
			return plain(*c.Value), true
		}
		return "", c.Figure()
	}
	switch {
	case c.Lower == nil || c.Upper == nil:
		return "", false
	case c.Value != nil && *c.Value == 0: // a zero that may be told is none of the small counts: an outsider would take it for one, and work it out
		return plain(0), true
	case *c.Upper < f.Small.Below:
		return f.Small.Text, true
	case c.Value == nil:
		return "", false
	}
	return message.NewPrinter(language.English).Sprint(number.Decimal(*c.Value)), true
}

func plain(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

func bound(f *float64) string {
	if f == nil {
		return ""
	}
	return plain(*f)
}

// row writes a figure in the form's columns.
func (f *Form) row(e *Export, x figure) []string {
	value, _ := f.value(x.cell)
	said := map[string]string{}
	if f.ID == "sdg" {
		f.sdg(e, x, value, said)
	} else {
		f.glotip(e, x, value, said)
	}
	out := make([]string, len(f.Columns))
	for i, column := range f.Columns {
		out[i] = said[column]
		if v, ok := x.q.Says[column]; ok {
			out[i] = v
		}
		if v, ok := f.Constants[column]; ok {
			out[i] = v
		}
	}
	return out
}

func (f *Form) glotip(e *Export, x figure, value string, said map[string]string) {
	state, ok := f.Areas[x.area]
	if !ok {
		state.Name = e.english("CL_AREA", x.area)
	}
	said["Iso3_code"], said["Country"], said["Region"], said["Subregion"] = x.area, state.Name, state.Region, state.Subregion
	said["Category"] = f.categoryWord(e, x)
	said["Sex"], said["Age"], said["Year"] = f.Sex[x.sex], f.Age[x.age], strconv.Itoa(x.year)
	said["Unit of measurement"], said["txtVALUE"] = f.Unit, value
	if said["Source"] = f.Sources[x.row.SourceAgency]; said["Source"] == "" {
		said["Source"] = e.english("CL_AGENCY", x.row.SourceAgency)
	}
}

// categoryWord names a category as the form does.
func (f *Form) categoryWord(e *Export, x figure) string {
	switch {
	case x.q.Categories[x.category] != "":
		return x.q.Categories[x.category]
	case x.category == x.area && x.q.Own != "":
		return x.q.Own
	case x.q.Countries[x.category] != "":
		return x.q.Countries[x.category]
	case f.Areas[x.category].Name != "":
		return f.Areas[x.category].Name
	}
	return e.english("CL_AREA", x.category)
}

func (f *Form) sdg(e *Export, x figure, value string, said map[string]string) {
	said["SERIES"] = x.q.Categories[x.category]
	if r, err := language.ParseRegion(x.area); err == nil {
		said["REF_AREA"] = strconv.Itoa(r.M49()) // without padding, as the global database has it
	}
	said["SEX"], said["AGE"], said["TIME_PERIOD"] = f.Sex[x.sex], f.Age[x.age], strconv.Itoa(x.year)
	said["TIME_DETAIL"] = x.cell.TimePeriod
	said["OBS_VALUE"], said["OBS_STATUS"] = value, x.cell.Status
	if x.cell.Value == nil { // the bounds are all that is known
		said["LOWER_BOUND"], said["UPPER_BOUND"] = bound(x.cell.Lower), bound(x.cell.Upper)
		if x.cell.Status == "A" {
			said["OBS_STATUS"] = "O" // no normal value without a value
		}
	}
	if said["NATURE"] = f.Nature[x.row.SourceAgency]; said["NATURE"] == "" {
		said["NATURE"] = f.NatureElse
	}
	var comments []string
	if c, ok := f.Comments[x.category]; ok {
		comments = append(comments, c.Text)
		if said["OBS_STATUS"] == "A" {
			said["OBS_STATUS"] = c.Status
		}
	}
	if x.cell.Grade != "A" {
		comments = append(comments, "Comparability "+x.cell.Grade+": "+strings.Join(x.cell.Reasons, " "))
	}
	said["COMMENT_OBS"] = strings.Join(comments, "; ")
	said["SOURCE_DETAIL"] = e.english("CL_AGENCY", x.row.SourceAgency) + ": " + x.file
	said["DATA_LAST_UPDATE"] = x.received
}

// english names a code in English, the language of the forms.
func (e *Export) english(list, code string) string {
	if l, ok := e.set.List(list); ok {
		if c, ok := l.Code(code); ok {
			return c.Name["en"]
		}
	}
	return code
}
