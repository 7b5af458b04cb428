package main

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/ingest/portal"
	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/store"
)

// TestReviewBusy: while another of us has the store a decision is not made, and says why.
func TestReviewBusy(t *testing.T) {
	a := &app{workspace: portalWorkspace(t, "en"), out: io.Discard, err: io.Discard, now: time.Now}
	c, err := a.config()
	if err != nil {
		t.Fatal(err)
	}
	f, err := a.openOffice(t.Context(), c, runOptions{}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.close(t.Context()) }()
	f.storing <- struct{}{}
	house := f.review()
	if err := house.Decide(t.Context(), store.Decision{Submission: "000000000000", Action: store.Confirm, By: "stat"}, "current-0"); !errors.Is(err, store.ErrLocked) {
		t.Errorf("decide: %v", err)
	}
	if _, err := house.Stored(t.Context()); !errors.Is(err, store.ErrLocked) {
		t.Errorf("stored: %v", err)
	}
	f.release()
	first, err := house.Stored(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := house.Decide(t.Context(), store.Decision{Submission: "000000000000", Action: store.Confirm, By: "stat"}, "current-0"); !errors.Is(err, portal.ErrMoved) {
		t.Errorf("of none: %v", err)
	}
	f.storing <- struct{}{}
	defer f.release()
	if again, err := house.Stored(t.Context()); err != nil || len(again.Submissions) != len(first.Submissions) {
		t.Errorf("as it was before: %v", err)
	}
}

// TestAreaLang: each member State is written to in a language of ours that is its own, or that
// area_langs.yaml gives it.
func TestAreaLang(t *testing.T) {
	codes, err := codelist.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := areaLangs(); err != nil {
		t.Fatal(err)
	}
	got := map[string][]string{}
	for _, area := range members(codes) {
		lang := areaLang(area)
		got[lang] = append(got[lang], area)
	}
	for lang, areas := range got {
		slices.Sort(areas)
		got[lang] = areas
	}
	want := map[string][]string{
		"en": {"ATG", "BHS", "BLZ", "BRB", "CAN", "DMA", "GRD", "GUY", "JAM", "KNA", "LCA", "SUR", "TTO", "USA", "VCT"},
		"es": {"ARG", "BOL", "CHL", "COL", "CRI", "CUB", "DOM", "ECU", "GTM", "HND", "MEX", "NIC", "PAN", "PER", "PRY", "SLV", "URY", "VEN"},
		"fr": {"HTI"}, "pt": {"BRA"},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// TestReviewBrowser does the statistician's work in a real browser, in each language, on a
// desktop and on a telephone.
func TestReviewBrowser(t *testing.T) {
	inBrowsers(t, []string{"en", "es"}, func(t *testing.T, b browser) {
		s := startPortal(t, portalWorkspace(t, b.lang))
		paths := given(t, map[string][2]string{
			"first":   {"first.csv", "Año,Sexo,Víctimas\n2023,Mujer,12\n2023,Hombre,9\n"},
			"second":  {"second.csv", "Año,Sexo,Víctimas\n2023,Mujer,18\n2023,Hombre,9\n"},
			"bad":     {"bad.csv", "Año,Sexo,Víctimas\n2022,Mujer,5\n2022,Varonos<script>window.hacked=1</script>,2\n"},
			"unknown": {"unknown.csv", "Departamento,Periodo,Total\nCortés,2023,4\nAtlántida,2023,2\n"},
		})
		var got struct {
			Begins, CSV, Confirmed, Moved, Person, Withdrawn, Told, History, Restored, Proposed, Draft, Again, Receipt, Zip string
			Differences                                                                                                     []string
			Queue, Unseen, Values, Left, States, Own, Forbidden, Pages                                                      int
		}
		const why, undo = "La columna de 2023 contiene 2022", "Era correcta"
		b.walk(t, "review.js", s, map[string]any{"files": paths, "reason": why, "undo": undo}, &got)
		for what, ok := range map[string]bool{
			"the queue is where the work begins": strings.HasSuffix(got.Begins, "/review") && got.Queue == 4 && got.Unseen == 1,
			"the difference":                     len(got.Differences) == 1 && strings.Contains(got.Differences[0], "12") && strings.Contains(got.Differences[0], "18") && strings.Contains(got.Differences[0], "+50.0"),
			"its csv":                            strings.HasPrefix(got.CSV, "differences-"),
			"confirmed":                          strings.Contains(got.Confirmed, "confirmed"),
			"a page that is old decides nothing": got.Moved != "",
			"a reason with an address":           got.Person != "" && got.Person != got.Moved,
			"withdrawn":                          strings.Contains(got.Withdrawn, "withdrawn"),
			"the ministry sees why":              strings.Contains(got.Told, why) && strings.Contains(got.History, why) && !strings.Contains(got.Told, "(statistician)"),
			"undone":                             strings.Contains(got.Restored, "accepted"),
			"a value waits":                      got.Values == 1 && got.Left == 0,
			"a draft":                            strings.HasPrefix(got.Draft, "layout-"),
			"read again":                         strings.Contains(got.Again, "accepted") && strings.Contains(got.Receipt, "accepted"),
			"the grid":                           got.States == 35 && got.Own == 1,
			"reminders":                          got.Zip == "reminders-2023.zip",
			"it is the statistician's":           got.Forbidden == http.StatusForbidden,
			"all pages were looked at":           got.Pages == 9,
		} {
			if !ok {
				t.Errorf("not so: %s\n%+v", what, got)
			}
		}
	})
}
