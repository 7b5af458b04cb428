package sheet_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/ingest/sheet"
)

const sdmxRoot = `<?xml version="1.0" encoding="UTF-8"?>
<mes:StructureSpecificData xmlns:mes="http://www.sdmx.org/resources/sdmxml/schemas/v3_0/message" xmlns:com="http://www.sdmx.org/resources/sdmxml/schemas/v3_0/common" xmlns:ss="http://www.sdmx.org/resources/sdmxml/schemas/v3_0/data/structurespecific" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
`

const sdmxHead = `<mes:Header><mes:ID>x</mes:ID><mes:Structure structureID="TIP"><com:StructureUsage>urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=OAS:TIP(1.0.0)</com:StructureUsage></mes:Structure></mes:Header>`

const sdmxEnd = `</mes:StructureSpecificData>`

// sdmxMessage is a message with the attributes and contents of one data set.
func sdmxMessage(set string) string {
	return sdmxRoot + sdmxHead + `<mes:DataSet ss:structureRef="TIP"` + set + `</mes:DataSet>` + sdmxEnd
}

// TestSDMX reads messages as the table that SDMX-CSV makes of them.
func TestSDMX(t *testing.T) {
	for _, test := range []struct{ name, message, want string }{
		{"series", sdmxMessage(` ss:action="Information" xsi:type="ns1:DataSetType"><Series FREQ="A" SEX="F"><Obs TIME_PERIOD="2022" OBS_VALUE="1"/><Obs TIME_PERIOD="2023" COMMENT_OBS="a &lt; &quot;b&quot;&#xA;c"/></Series><Series FREQ="A" SEX="M"><Obs TIME_PERIOD="2022" OBS_VALUE="2"></Obs></Series>`),
			"STRUCTURE|STRUCTURE_ID|ACTION|FREQ|SEX|TIME_PERIOD|OBS_VALUE|COMMENT_OBS\ndataflow|OAS:TIP(1.0.0)|I|A|F|2022|1|\ndataflow|OAS:TIP(1.0.0)|I|A|F|2023||a < \"b\"\nc\ndataflow|OAS:TIP(1.0.0)|I|A|M|2022|2|"},
		{"flat, with an attribute of the data set", sdmxMessage(` ss:action="Replace" DECIMALS="0"><com:Annotations><com:Annotation/></com:Annotations><Obs FREQ="A"><com:Annotations/></Obs><Obs FREQ="M"/>`),
			"STRUCTURE|STRUCTURE_ID|ACTION|DECIMALS|FREQ\ndataflow|OAS:TIP(1.0.0)|R|0|A\ndataflow|OAS:TIP(1.0.0)|R|0|M"},
		{"two data sets", sdmxRoot + strings.Replace(sdmxHead, `</mes:Header>`, `<mes:Structure structureID="D"><com:Structure>urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure=X:Y(1.0)</com:Structure></mes:Structure></mes:Header>`, 1) +
			`<mes:DataSet ss:structureRef="TIP" ss:action="Delete"><Obs A="1"/></mes:DataSet><mes:DataSet ss:structureRef="D"><Obs B="2"/></mes:DataSet>` + sdmxEnd,
			"STRUCTURE|STRUCTURE_ID|ACTION|A|B\ndataflow|OAS:TIP(1.0.0)|D|1|\ndatastructure|X:Y(1.0)|I||2"},
		{"nothing", sdmxMessage(`>`), "STRUCTURE|STRUCTURE_ID|ACTION"},
	} {
		t.Run(test.name, func(t *testing.T) {
			ctx := context.Background()
			w, err := sheet.Open(ctx, strings.NewReader(test.message), int64(len(test.message)), "data.xml", sheet.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer w.Close()
			for range 2 { // as often as one likes
				var lines []string
				width := 0
				err = w.Read(ctx, 0, func(r *sheet.Row) error {
					width = max(width, len(r.Cells))
					line := make([]string, width)
					for _, c := range r.Cells {
						line[c.Col-1] = c.Text
					}
					if r.Number != len(lines)+1 {
						t.Errorf("row %d after %d", r.Number, len(lines))
					}
					lines = append(lines, strings.Join(line, "|"))
					return nil
				})
				if err != nil {
					t.Fatal(err)
				}
				if d := cmp.Diff(test.want, strings.Join(lines, "\n")); d != "" {
					t.Error(d)
				}
			}
			if w.Format() != sheet.SDMX || len(w.Sheets()) != 1 {
				t.Errorf("format %s, %d sheets", w.Format(), len(w.Sheets()))
			}
		})
	}
}

// TestSDMXRefused: what can't be read whole is refused, with a code.
func TestSDMXRefused(t *testing.T) {
	for _, test := range []struct{ name, message, code string }{
		{"another SDMX-ML", strings.ReplaceAll(sdmxMessage(`>`), "v3_0", "v2_1"), sheet.CodeNotSheet},
		{"another message", strings.ReplaceAll(sdmxMessage(`>`), "mes:StructureSpecificData", "mes:GenericMetadata"), sheet.CodeNotSheet},
		{"another root", strings.ReplaceAll(sdmxMessage(`>`), "mes:StructureSpecificData", "com:StructureSpecificData"), sheet.CodeStructure},
		{"cut off", sdmxMessage(`><Obs A="1"/>`)[:len(sdmxMessage(`><Obs A="1"/>`))-40], sheet.CodeXML},
		{"after the end", sdmxMessage(`>`) + "<x/>", sheet.CodeXML},
		{"a document type", strings.Replace(sdmxMessage(`>`), "<mes:Str", `<!DOCTYPE x [<!ENTITY a "b">]><mes:Str`, 1), sheet.CodeDoctype},
		{"an entity", sdmxMessage(`><Obs A="&a;"/>`), sheet.CodeXML},
		{"another encoding", strings.Replace(sdmxMessage(`>`), "UTF-8", "UTF-16", 1), sheet.CodeXMLCoding},
		{"no structure", strings.Replace(sdmxMessage(`>`), `"TIP"><com`, `"TAP"><com`, 1), sheet.CodeStructure},
		{"a structure without a URN", strings.Replace(sdmxMessage(`>`), "urn:sdmx:", "urn:other:", 1), sheet.CodeStructure},
		{"an unknown action", sdmxMessage(` ss:action="Guess">`), sheet.CodeStructure},
		{"a group", sdmxMessage(`><Group A="1"/>`), sheet.CodeStructure},
		{"several values", sdmxMessage(`><Obs A="1"><Comp id="B"/></Obs>`), sheet.CodeStructure},
		{"said twice", sdmxMessage(`><Series A="1"><Obs A="1"/></Series>`), sheet.CodeStructure},
		{"a name of ours", sdmxMessage(`><Obs ACTION="D"/>`), sheet.CodeStructure},
		{"text between", sdmxMessage(`><Obs A="1">12</Obs>`), sheet.CodeStructure},
		{"deep", sdmxMessage(`><com:Annotations>` + strings.Repeat("<a>", 70) + strings.Repeat("</a>", 70) + `</com:Annotations>`), sheet.CodeDepth},
		{"many rows", sdmxMessage(`>` + strings.Repeat(`<Obs A="1"/>`, 2001)), sheet.CodeRows},
		{"many columns", sdmxMessage(`>` + columns(501)), sheet.CodeColumns},
		{"many cells", sdmxMessage(`>` + columns(490) + strings.Repeat(`<Obs A="1"/>`, 500)), sheet.CodeCells},
		{"a long value", sdmxMessage(`><Obs A="` + strings.Repeat("x", 131_069) + `"/>`), sheet.CodeCellBytes},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := ordered(t, []byte(test.message), sheet.Options{Limits: small})
			var e *sheet.Error
			if !errors.As(err, &e) || e.Code != test.code {
				t.Errorf("have %v, want %s", err, test.code)
			}
		})
	}
	t.Run("time", func(t *testing.T) {
		ctx, stop := context.WithCancel(context.Background())
		stop()
		message := sdmxMessage(`>`)
		if _, err := sheet.Open(ctx, strings.NewReader(message), int64(len(message)), "f", sheet.Options{}); !errors.Is(err, context.Canceled) {
			t.Errorf("have %v", err)
		}
	})
}

// columns are observations that name n components in all.
func columns(n int) string {
	var b strings.Builder
	for i := range n {
		if i%100 == 0 {
			b.WriteString(`<Obs`)
		}
		fmt.Fprintf(&b, ` C%d="1"`, i)
		if i%100 == 99 || i == n-1 {
			b.WriteString(`/>`)
		}
	}
	return b.String()
}

func FuzzSDMX(f *testing.F) {
	f.Add([]byte(sdmxMessage(` ss:action="Merge" A="1"><Series B="2"><Obs C="3&amp;"/><Obs D="4"/></Series><Obs E="5"/>`)))
	f.Add([]byte(sdmxMessage(`><com:Annotations><x>y</x></com:Annotations><Obs/>`)))
	f.Add([]byte(strings.Replace(sdmxMessage(`><Obs A="1"/>`), "<mes:Str", `<!DOCTYPE x><mes:Str`, 1)))
	f.Fuzz(func(t *testing.T, data []byte) {
		if bytes.HasPrefix(data, []byte("<")) {
			_ = ordered(t, data, sheet.Options{Limits: small})
		}
	})
}
