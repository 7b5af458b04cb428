package sdmx

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"hash"
	"io"
)

// The id of a message names its content: two messages of one time that say different
// things, since the policy or the vocabulary is another, or another part is asked for, are
// two messages. So it ends with the first digits of a digest, which is of what is said
// and not of how: the formats and the languages of one content have one id.

// idDigits are the digits of a digest in the id of a message.
const idDigits = 12

// content is a digest of observations.
type content struct{ h hash.Hash }

func newContent() content { return content{sha256.New()} }

// add takes an observation; no value has the bytes that part them.
func (c content) add(a action, o observation) {
	_, _ = io.WriteString(c.h, a.letter) // a hash takes all
	for _, s := range o {
		_, _ = io.WriteString(c.h, "\x1f"+s)
	}
	_, _ = io.WriteString(c.h, "\x1e")
}

func (c content) sum() string { return hex.EncodeToString(c.h.Sum(nil)) }

// dataContent is the digest of the data: of an export of changes Since knows it, of a
// frozen one Freeze; else the observations are gone through once.
func (e *Export) dataContent(ctx context.Context) (string, error) {
	if e.content == "" {
		h := newContent()
		err := e.observations(ctx, func(o observation) error {
			h.add(information, o)
			return nil
		})
		if err != nil {
			return "", err
		}
		e.content = h.sum()
	}
	return e.content, nil
}

// selected is the digest of a part of what is frozen, by which rows and components it has.
func (e *Export) selected(of string) string {
	h := sha256.New()
	fmt.Fprintln(h, of, e.flat, e.byStructure)
	for _, c := range e.design.components() {
		fmt.Fprintln(h, c.ID)
	}
	row := make([]byte, 0, 8)
	for _, n := range e.taken {
		row = append(row[:0], byte(n), byte(n>>8), byte(n>>16), byte(n>>24))
		_, _ = h.Write(row)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// digestOf is the digest of artefacts, or of reports, as SDMX-ML has them: in all languages.
func digestOf(v any) (string, error) {
	h := sha256.New()
	if err := xml.NewEncoder(h).Encode(v); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
