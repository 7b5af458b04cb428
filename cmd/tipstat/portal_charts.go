package main

import (
	"bytes"
	"context"
	"errors"

	"github.com/oas/tipstat/ingest/portal"
	"github.com/oas/tipstat/reports"
	"github.com/oas/tipstat/reports/table"
)

// chartsOf are the charts of a table by what they are called on a page.
func chartsOf(t *table.Table) map[string]*table.Chart {
	all := map[string]*table.Chart{}
	list := t.Views
	if t.Chart != nil {
		list = append([]*table.Chart{t.Chart}, list...)
	}
	for _, c := range list {
		view := portal.ChartView
		switch {
		case c.Mapped():
			view = portal.MapView
		case c.Kind == table.SankeyChart:
			view = portal.FlowsView
		}
		all[view] = c
	}
	return all
}

// chosenChart gives the one asked for, or the table's first.
func chosenChart(charts map[string]*table.Chart, view string) (string, *table.Chart, error) {
	switch {
	case view == portal.TableAlone:
		return "", nil, nil
	case view != "" && charts[view] == nil:
		return "", nil, portal.NotInTable{Parameter: "view", Value: view}
	case view != "":
		return view, charts[view], nil
	}
	for _, name := range []string{portal.ChartView, portal.FlowsView, portal.MapView} {
		if charts[name] != nil {
			return name, charts[name], nil
		}
	}
	return "", nil, nil
}

// Chart draws the chart of a view.
func (o *officeTables) Chart(ctx context.Context, q portal.TableQuery) ([]byte, error) {
	return with(ctx, o, func(p *publication) ([]byte, error) {
		t, err := p.table(ctx, q)
		if err != nil {
			return nil, err
		}
		_, chart, err := chosenChart(chartsOf(t), q.View)
		if err != nil {
			return nil, err
		}
		var b bytes.Buffer
		if err := reports.WriteSVG(&b, t, chart); errors.Is(err, reports.ErrNoChart) {
			return nil, portal.ErrNoTable
		} else if err != nil {
			return nil, err
		}
		return b.Bytes(), nil
	})
}
