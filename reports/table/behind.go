package table

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
)

// byID reads the observations that a select names by their obs_id.
func (b *builder) byID(ctx context.Context, ids []int64) (map[int64]observation, error) {
	slices.Sort(ids)
	list, err := json.Marshal(slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	q, err := queries.ReadFile("sql/observations.sql")
	if err != nil {
		return nil, err
	}
	out := map[int64]observation{}
	err = b.r.records(ctx, Spec{ID: b.spec.ID, SQL: string(q)}, map[string]any{"ids": string(list)}, needed,
		func(text map[string]string, raw map[string]any) error {
			o := newObservation(text, raw)
			out[o.id] = o
			return nil
		})
	return out, err
}

// pick takes some of them, in the order of ids.
func pick(byID map[int64]observation, ids []int64) ([]observation, error) {
	var out []observation
	for _, id := range ids {
		o, ok := byID[id]
		if !ok {
			return nil, fmt.Errorf("the store holds no observation %d", id)
		}
		out = append(out, o)
	}
	return out, nil
}

// stand notes that a cell stands on an observation, or on the parts that a
// derived one is made from.
func (b *builder) stand(c *Cell, o observation) {
	parts := o.parts
	if len(parts) == 0 {
		parts = []observation{o}
	}
	for _, p := range parts {
		b.behind[p.id] = p
		c.ObsIDs = append(c.ObsIDs, p.id)
		b.submissions[p.text["SUBMISSION_ID"]] = true
	}
}

// component names the indicator of an observation where the cell shows another
// figure, made from it.
func (b *builder) component(c Cell, id int64) string {
	if len(c.ObsIDs) < 2 || b.spec.Kind == kindFigures && b.spec.Derive == nil {
		return ""
	}
	return ", " + b.v.label("CL_INDICATOR", b.behind[id].text["INDICATOR"], b.p.Lang)
}
