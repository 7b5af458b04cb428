package sdmx

import (
	"encoding/json"
	"encoding/xml"
	"io"
	"strings"

	"github.com/oas/tipstat/transform/record"
)

// Where the schemas of SDMX-JSON lie.
const (
	schemas      = "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/"
	dataSchema   = schemas + "data-message/tools/schemas/2.0.0/sdmx-json-data-schema.json"
	structSchema = schemas + "structure-message/tools/schemas/2.0.0/sdmx-json-structure-schema.json"
	metaSchema   = schemas + "metadata-message/tools/schemas/2.0.0/sdmx-json-metadata-schema.json"
)

// header heads every message.
type header struct {
	ID       string `xml:"mes:ID"`
	Test     bool   `xml:"mes:Test"`
	Prepared string `xml:"mes:Prepared"`
	Sender   party  `xml:"mes:Sender"`
}

type party struct {
	ID    string `xml:"id,attr" json:"id"`
	Best  string `xml:"-" json:"name"`
	Names text   `xml:"com:Name" json:"names"`
}

// header makes the header of a kind of message, structure, data or metadata, of which a
// digest is given.
func (e *Export) header(kind, digest string) header {
	at := e.Prepared.Format("20060102T150405Z")
	return header{ID: e.design.Dataflow.ID + "_" + kind + "_" + at + "_" + digest[:idDigits], Prepared: e.Prepared.Format("2006-01-02T15:04:05Z"),
		Sender: party{ID: e.design.Agency, Best: e.label("CL_AGENCY", e.design.Agency)[e.lang], Names: e.label("CL_AGENCY", e.design.Agency)}}
}

// meta is the header in SDMX-JSON.
type meta struct {
	Schema           string   `json:"schema"`
	ID               string   `json:"id"`
	Test             bool     `json:"test"`
	Prepared         string   `json:"prepared"`
	ContentLanguages []string `json:"contentLanguages"`
	Sender           party    `json:"sender"`
}

func (e *Export) meta(kind, schema, digest string) meta {
	h := e.header(kind, digest)
	languages := []string{e.lang}
	for _, l := range record.Languages {
		if l != e.lang {
			languages = append(languages, l)
		}
	}
	return meta{schema, h.ID, h.Test, h.Prepared, languages, h.Sender}
}

// WriteStructureXML writes the structure message as SDMX-ML 3.0.
func (e *Export) WriteStructureXML(w io.Writer) error {
	return ml30.writeStructures(w, e, e.structures)
}

// writeStructures writes a structure message.
func (m ml) writeStructures(w io.Writer, e *Export, structures xml.Marshaler) error {
	digest, err := digestOf(e.structures)
	if err != nil {
		return err
	}
	return writeXML(w, struct {
		XMLName    xml.Name      `xml:"mes:Structure"`
		Spaces     []xml.Attr    `xml:",any,attr"`
		Header     header        `xml:"mes:Header"`
		Structures xml.Marshaler `xml:"mes:Structures"`
	}{Spaces: spaces("mes", m.message(), "str", m.structure(), "com", m.common()), Header: e.header("STRUCTURE", digest), Structures: structures})
}

// WriteStructureJSON writes the structure message as SDMX-JSON 2.
func (e *Export) WriteStructureJSON(w io.Writer) error {
	digest, err := digestOf(e.structures)
	if err != nil {
		return err
	}
	return writeJSON(w, map[string]any{"meta": e.meta("STRUCTURE", structSchema, digest), "data": e.structures})
}

// WriteMetadataXML writes the reference metadata as SDMX-ML 3.0.
func (e *Export) WriteMetadataXML(w io.Writer) error {
	return ml30.writeMetadata(w, e, e.metadata)
}

// writeMetadata writes a message of reference metadata.
func (m ml) writeMetadata(w io.Writer, e *Export, sets any) error {
	type head struct {
		header
		Structure usedStructure `xml:"mes:Structure"`
	}
	digest, err := digestOf(e.metadata)
	if err != nil {
		return err
	}
	id := e.design.Metadata.Flow.ID
	return writeXML(w, struct {
		XMLName xml.Name   `xml:"mes:GenericMetadata"`
		Spaces  []xml.Attr `xml:",any,attr"`
		Header  head       `xml:"mes:Header"`
		Sets    any        `xml:"mes:MetadataSet"`
	}{Spaces: spaces("mes", m.message(), "gen", m.metadata(), "com", m.common()), Sets: sets,
		Header: head{e.header("METADATA", digest), usedStructure{ID: id, Usage: m.refer(e.design.urn("Metadataflow", id, ""))}}})
}

// WriteMetadataJSON writes the reference metadata as SDMX-JSON 2.
func (e *Export) WriteMetadataJSON(w io.Writer) error {
	digest, err := digestOf(e.metadata)
	if err != nil {
		return err
	}
	return writeJSON(w, map[string]any{"meta": e.meta("METADATA", metaSchema, digest), "data": map[string]any{"metadataSets": e.metadata}})
}

// spaces declares namespaces: prefix and name in turn.
func spaces(pairs ...string) []xml.Attr {
	var out []xml.Attr
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, xml.Attr{Name: xml.Name{Local: "xmlns:" + pairs[i]}, Value: pairs[i+1]})
	}
	return out
}

func writeXML(w io.Writer, v any) error {
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", " ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(v)
}

// sayIn fills {name} in a text of every language by texts in that language.
func sayIn(t map[string]string, by map[string]text) text {
	out := text{}
	for lang, s := range t {
		var pairs []string
		for name, in := range by {
			pairs = append(pairs, "{"+name+"}", in[lang])
		}
		out[lang] = strings.NewReplacer(pairs...).Replace(s)
	}
	return out
}
