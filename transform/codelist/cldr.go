package codelist

import (
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// areaList is the one list whose labels CLDR gives.
const areaList = "CL_AREA"

// labelTags are the CLDR languages of the labels. es and not es-419: its names
// of the M49 regions are the ones the UN uses.
var labelTags = map[string]language.Tag{
	"en": language.English, "es": language.Spanish, "pt": language.BrazilianPortuguese, "fr": language.French,
}

// furtherTags are languages in which names of countries are met too: variants
// of the four, and languages of countries that report or send files.
var furtherTags = []string{"es-419", "es-MX", "es-AR", "pt-PT", "fr-CA", "en-GB", "en-CA",
	"it", "de", "nl", "ro", "pl", "sv", "da", "nb", "fi", "is", "hu", "cs", "sk", "sl", "hr", "sr-Latn", "bs", "sq",
	"ca", "gl", "eu", "tr", "lt", "lv", "et", "mt", "bg", "mk", "ru", "uk", "el", "id", "ms", "vi", "fil", "sw", "af",
	"qu", "ar", "he", "zh", "ja", "ko"}

// cldrRegion finds the region that CLDR knows under a code of ours.
func cldrRegion(code string) (language.Region, bool) {
	switch code {
	case "XKX":
		code = "XK"
	case "EUU":
		code = "EU"
	}
	if len(code) < 2 || len(code) > 3 || code[0] == '_' {
		return language.Region{}, false
	}
	r, err := language.ParseRegion(code)
	return r, err == nil
}

// fillFromCLDR gives a code the labels that its row leaves empty.
func fillFromCLDR(c *Code) {
	r, ok := cldrRegion(c.ID)
	if !ok {
		return
	}
	for _, lang := range languages {
		if c.Name[lang] == "" {
			c.Name[lang] = display.Regions(labelTags[lang]).Name(r)
		}
	}
}

// cldrNames gives the names of an area in all languages asked of CLDR.
func cldrNames(code string) []string {
	r, ok := cldrRegion(code)
	if !ok {
		return nil
	}
	var names []string
	for _, n := range namers() {
		if s := n.Name(r); s != "" {
			names = append(names, s)
		}
	}
	return names
}

// namers name regions in all languages asked of CLDR.
var namers = sync.OnceValue(func() []display.Namer {
	var ns []display.Namer
	for _, lang := range languages {
		ns = append(ns, display.Regions(labelTags[lang]))
	}
	for _, t := range furtherTags {
		if n := display.Regions(language.Make(t)); n != nil {
			ns = append(ns, n)
		}
	}
	return ns
})
