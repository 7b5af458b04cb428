package table

import (
	_ "embed"
	"fmt"
	"math"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"

	"github.com/oas/tipstat/transform/record"
)

// Text is one text in the four languages.
type Text map[string]string

// missing names the first language that the text lacks.
func (t Text) missing() (string, bool) {
	for _, l := range record.Languages {
		if strings.TrimSpace(t[l]) == "" {
			return l, true
		}
	}
	return "", false
}

//go:embed texts.yaml
var textsYAML []byte

var texts = sync.OnceValues(func() (map[string]Text, error) {
	m := map[string]Text{}
	if err := yaml.UnmarshalWithOptions(textsYAML, &m, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("texts.yaml: %w", err)
	}
	return m, nil
})

// Word gives a fixed word of texts.yaml in a language, with {name} replaced by
// the values that follow in pairs. A key that does not exist gives itself.
func Word(lang, key string, pairs ...string) string {
	all, err := texts()
	if err != nil {
		return key
	}
	s, ok := all[key][lang]
	if !ok {
		return key
	}
	if len(pairs) == 0 {
		return s
	}
	return fill(s, pairs...)
}

// Fill replaces {name} in a text by the values that follow in pairs.
func Fill(s string, pairs ...string) string { return fill(s, pairs...) }

// Date writes 2002-11-19 as the language does: 19 Nov 2002.
func Date(lang, iso string) string { return newWriter(lang, 0).date(iso) }

func fill(s string, pairs ...string) string {
	args := make([]string, 0, len(pairs))
	for i := 0; i+1 < len(pairs); i += 2 {
		args = append(args, "{"+pairs[i]+"}", pairs[i+1])
	}
	return strings.NewReplacer(args...).Replace(s)
}

// numberTags are the locales in which figures are written.
var numberTags = map[string]language.Tag{
	"en": language.English, "es": language.Spanish, "pt": language.BrazilianPortuguese, "fr": language.French,
}

// Number writes a number as the language does, with so many decimals.
func Number(lang string, n float64, decimals int) string { return newWriter(lang, decimals).number(n) }

// FigureText writes a figure, its bounds or its kind of nothing (a code of
// CL_OBS_STATUS) as the cells of tables do.
func FigureText(lang string, decimals int, value, lower, upper *float64, status string) string {
	text, _ := quantity{number: value, lower: lower, upper: upper, status: status}.text(newWriter(lang, decimals))
	return text
}

// writer writes what the language writes in its own way: numbers, dates, periods.
type writer struct {
	lang     string
	decimals int
	printer  *message.Printer
}

func newWriter(lang string, decimals int) writer {
	return writer{lang: lang, decimals: decimals, printer: message.NewPrinter(numberTags[lang])}
}

func (w writer) word(key string, pairs ...string) string { return Word(w.lang, key, pairs...) }

func (w writer) number(n float64) string {
	if w.decimals == 0 && n != math.Trunc(n) { // a count with a fraction is not rounded in silence
		return w.printer.Sprint(number.Decimal(n, number.MaxFractionDigits(3)))
	}
	return w.printer.Sprint(number.Decimal(n, number.MinFractionDigits(w.decimals), number.MaxFractionDigits(w.decimals)))
}

func (w writer) count(n int) string { return w.printer.Sprint(number.Decimal(n)) }

// date writes 2002-11-19 as 19 Nov 2002.
func (w writer) date(iso string) string {
	y, m, d, ok := splitDate(iso)
	if !ok {
		return iso
	}
	months := strings.Fields(w.word("months.short"))
	if len(months) != 12 {
		return iso
	}
	return fmt.Sprintf("%d %s %04d", d, months[m-1], y)
}

// months writes a span of whole months: May 2025, January–September 2025.
func (w writer) months(s span) string {
	names := strings.Fields(w.word("months"))
	if len(names) != 12 || s.months < 1 {
		return s.text
	}
	last := s.start + s.months - 1
	a, b := names[mod12(s.start)], names[mod12(last)]
	ya, yb := fmt.Sprint(s.start/12), fmt.Sprint(last/12)
	switch {
	case s.months == 12 && mod12(s.start) == 0:
		return ya
	case s.months == 1:
		return w.word("period.month", "month", a, "year", ya)
	case ya == yb:
		return w.word("period.months", "a", a, "b", b, "year", ya)
	}
	return w.word("period.span", "a", w.word("period.month", "month", a, "year", ya), "b", w.word("period.month", "month", b, "year", yb))
}

// year writes how a fiscal year runs: April to March.
func (w writer) year(s span) string {
	names := strings.Fields(w.word("months"))
	if len(names) != 12 {
		return s.text
	}
	return w.word("period.span", "a", names[mod12(s.start)], "b", names[mod12(s.start+11)])
}

func mod12(n int) int { return ((n % 12) + 12) % 12 }

// superscripts are the characters that carry a mark in running text.
var superscripts = strings.NewReplacer("0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹",
	"r", "ʳ", "p", "ᵖ", "b", "ᵇ", "d", "ᵈ", "e", "ᵉ", "f", "ᶠ", "i", "ⁱ", "n", "ⁿ", "u", "ᵘ", "v", "ᵛ")

// Superscript writes marks the way they follow a word: ¹,²ʳ.
func Superscript(marks []string) string {
	return superscripts.Replace(strings.Join(marks, ","))
}
