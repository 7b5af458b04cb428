package reports

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/oas/tipstat/reports/table"
)

// TestSVG draws each kind: well-formed, alike each time, with its words, and nothing that runs or
// asks for anything. SVGS=folder keeps them.
func TestSVG(t *testing.T) {
	tab := build(t, fixture(t), "victims-sex-age", table.Params{Lang: "es"})
	all := charts()
	circles := *all[table.MapChart]
	circles.Kind, circles.Withheld = table.CirclesChart, []string{"BRA"}
	all[table.CirclesChart] = &circles
	words := map[table.ChartKind][]string{table.CirclesChart: {"ARG 1.500", "GRD 0"}}
	for kind, list := range chartWords {
		words[kind] = list
	}
	for kind, c := range all {
		t.Run(string(kind), func(t *testing.T) {
			var b, again bytes.Buffer
			if err := errors.Join(WriteSVG(&b, tab, c), WriteSVG(&again, tab, c)); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(b.Bytes(), again.Bytes()) {
				t.Error("differs from one time to the next")
			}
			if b.Len() > 96<<10 {
				t.Errorf("%d bytes", b.Len())
			}
			keep(t, b.Bytes(), "chart-"+string(kind)+".svg")
			dec, text := xml.NewDecoder(&b), ""
			for {
				tok, err := dec.Token()
				if errors.Is(err, io.EOF) {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				switch tok := tok.(type) {
				case xml.CharData:
					text += string(tok) + "\n"
				case xml.StartElement:
					switch tok.Name.Local {
					case "script", "image", "use", "a", "style", "foreignObject":
						t.Errorf("<%s>", tok.Name.Local)
					}
					for _, a := range tok.Attr {
						if strings.HasPrefix(a.Name.Local, "on") || a.Name.Local == "href" || a.Name.Local == "style" || strings.Contains(a.Value, "//") && a.Name.Local != "xmlns" {
							t.Errorf("%s=%q", a.Name.Local, a.Value)
						}
					}
				}
			}
			for _, want := range append(words[kind], c.Title, c.Description) {
				if !strings.Contains(text, want) {
					t.Errorf("it lacks %q:\n%s", want, text)
				}
			}
		})
	}
	if err := WriteSVG(io.Discard, tab, &table.Chart{}); !errors.Is(err, ErrNoChart) {
		t.Error(err)
	}
}
