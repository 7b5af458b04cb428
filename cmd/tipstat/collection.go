package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/store"
)

// elsewhere are the kinds of record that ministries do not send.
var elsewhere = []string{"treaties", "population"}

// members are the members of the OAS now, in the order of its list.
func members(codes *codelist.Set) (areas []string) {
	for _, m := range codes.Groups() {
		if m.Group == "OAS" && m.ValidTo == "" && !slices.Contains(areas, m.RefArea) {
			areas = append(areas, m.RefArea)
		}
	}
	return areas
}

// membersIn are those of a year: the State was a member, or one whose membership is disputed or
// that does not take part, on some day of it.
func membersIn(codes *codelist.Set, year int) (areas []string) {
	for _, m := range codes.Groups() {
		if m.Group == "OAS" && m.Status != withdrew && (m.ValidFrom == "" || m.ValidFrom[:4] <= strconv.Itoa(year)) && (m.ValidTo == "" || m.ValidTo[:4] >= strconv.Itoa(year)) && !slices.Contains(areas, m.RefArea) {
			areas = append(areas, m.RefArea)
		}
	}
	return areas
}

// withdrew and member are what a State may be of the OAS.
const withdrew, member = "withdrawn", "member"

// isMember tells whether a State is a member now and nothing else is said of it: others are
// not reminded by themselves.
func isMember(codes *codelist.Set, refArea string) bool {
	now := slices.DeleteFunc(codes.Groups(), func(m codelist.Membership) bool {
		return m.Group != "OAS" || m.RefArea != refArea || m.ValidTo != ""
	})
	return len(now) > 0 && !slices.ContainsFunc(now, func(m codelist.Membership) bool { return m.Status != member })
}

// collected tells who has sent what of a year, from a store that is open for reading.
func collected(ctx context.Context, st *store.Store, codes *codelist.Set, year int) (store.Collection, error) {
	list, ok := codes.List("CL_RECORD")
	if !ok {
		return store.Collection{}, errors.New("no list CL_RECORD")
	}
	var kinds []string
	for _, c := range list.Codes() {
		if !slices.Contains(elsewhere, c.ID) {
			kinds = append(kinds, c.ID)
		}
	}
	all, err := st.Collected(ctx, year)
	return store.Grid(year, membersIn(codes, year), kinds, all), err
}

// collection prints it.
func (a *app) collection(ctx context.Context, year int) (err error) {
	c, st, err := a.openStore(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	codes, err := c.vocabulary()
	if err != nil {
		return err
	}
	g, err := collected(ctx, st, codes, year)
	if err != nil {
		return err
	}
	if a.asJSON {
		return a.json(g)
	}
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "REF_AREA\t"+strings.Join(g.Records, "\t"))
	for _, row := range g.Rows {
		cells := []string{row.RefArea}
		for _, cell := range row.Cells {
			cells = append(cells, collectionCell(cell))
		}
		fmt.Fprintln(w, strings.Join(cells, "\t"))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	a.tell("collection_sent", "year", year, "sent", g.All, "all", len(g.Rows))
	return nil
}

// collectionCell is a cell in a word: how many figures, and in brackets those of another's
// collection.
func collectionCell(c *store.Collected) string {
	switch {
	case c == nil:
		return "-"
	case c.Own:
		return fmt.Sprint(c.Told)
	}
	return fmt.Sprintf("(%d)", c.Told)
}
