package review

import (
	"fmt"
	"slices"
	"strings"

	"github.com/oas/tipstat/ingest/sheet"
	"github.com/oas/tipstat/transform/record"
)

// Comments that a workbook has are changed where excelize holds them, and never
// deleted and added again: it finds the box of a comment by where the box
// stands, which is right only for boxes of its own.

// part gives the part with the comments of a sheet, loaded; "" when there is none.
func (m *marker) part(name string) string {
	if key, ok := m.parts[name]; ok {
		return key
	}
	had := map[string]bool{}
	for key := range m.f.Comments {
		had[key] = true
	}
	_, err := m.f.GetComments(name)
	m.do(err)
	for key := range m.f.Comments {
		if !had[key] {
			m.parts[name] = key
		}
	}
	return m.parts[name]
}

// add puts text after what a comment says. The comment that stands for a
// conversation of newer Excel is left as it is: Excel writes it anew from the
// conversation; add says so.
func (m *marker) add(name, cell, text string) bool {
	key := m.part(name)
	if key == "" || m.f.Comments[key] == nil {
		return false
	}
	all := m.f.Comments[key]
	for i := range all.CommentList.Comment {
		c := &all.CommentList.Comment[i]
		if c.Ref != cell || c.AuthorID < len(all.Authors.Author) && strings.HasPrefix(all.Authors.Author[c.AuthorID], "tc=") {
			continue
		}
		for j := len(c.Text.R) - 1; j >= 0; j-- {
			if t := c.Text.R[j].T; t != nil {
				t.Val += text
				return true
			}
		}
		if c.Text.T != nil {
			now := *c.Text.T + text
			c.Text.T = &now
			return true
		}
	}
	return false
}

// cut takes off what an earlier review put after the words of a comment.
func (m *marker) cut(name, cell string) {
	key := m.part(name)
	if key == "" || m.f.Comments[key] == nil {
		return
	}
	all := m.f.Comments[key].CommentList.Comment
	for i := range all {
		c := &all[i]
		if c.Ref != cell {
			continue
		}
		if c.Text.T != nil {
			now, _, _ := strings.Cut(*c.Text.T, sheet.ReviewNote)
			now = strings.TrimRight(now, "\n")
			c.Text.T = &now
		}
		for j := range c.Text.R {
			if t := c.Text.R[j].T; t != nil {
				if now, _, ours := strings.Cut(t.Val, sheet.ReviewNote); ours {
					t.Val = strings.TrimRight(now, "\n")
					c.Text.R = c.Text.R[:j+1]
					break
				}
			}
		}
	}
}

// drop deletes a comment of an earlier review, and the box that shows it.
func (m *marker) drop(name string, c sheet.Comment) error {
	m.part(name)
	had := map[string]bool{}
	for key := range m.f.VMLDrawing {
		had[key] = true
	}
	if err := m.f.DeleteComment(name, record.CellName(c.Row, c.Col)); err != nil {
		return err
	}
	for key := range m.f.VMLDrawing {
		if !had[key] {
			m.boxes[name] = key
		}
	}
	d := m.f.VMLDrawing[m.boxes[name]]
	if d == nil {
		return nil
	}
	row, col := fmt.Sprintf("Row>%d<", c.Row-1), fmt.Sprintf("Column>%d<", c.Col-1)
	for i := range slices.Backward(d.Shape) {
		if v := d.Shape[i].Val; strings.Contains(v, row) && strings.Contains(v, col) {
			d.Shape = append(d.Shape[:i], d.Shape[i+1:]...)
		}
	}
	return nil
}
