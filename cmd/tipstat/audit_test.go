package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/transform/disclosure/audit"
)

// packOnce makes the pack of the samples.
var packOnce = sync.OnceValues(func() (string, error) {
	demo, err := demoOnce()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(temporary, "pack")
	var errw bytes.Buffer
	if code := at(now, strings.NewReader(""), io.Discard, &errw).run(context.Background(), []string{"-w", demo, "report", "pack", "--years", "2019-2024", "--control", "none", "-o", dir}); code != exitDone {
		return "", fmt.Errorf("tipstat report pack: exit code %d\n%s", code, errw.String())
	}
	return dir, nil
})

// demoPack is a copy of the pack of the samples.
func demoPack(tb testing.TB) string {
	tb.Helper()
	made, err := packOnce()
	if err != nil {
		tb.Fatal(err)
	}
	dir := filepath.Join(tb.TempDir(), "pack")
	if err := os.CopyFS(filepath.Join(dir, "data"), os.DirFS(filepath.Join(made, "data"))); err != nil {
		tb.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(made, "pack.json"))
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "pack.json"), b, 0o644)
	}
	if err != nil {
		tb.Fatal(err)
	}
	return dir
}

// hide suppresses cells in the csv of a table, as a pack that went through
// disclosure control has them: those whose columns have the codes.
func hide(t *testing.T, pack, table string, codes map[string]string) {
	t.Helper()
	name := filepath.Join(pack, "data", table+".csv")
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for i, h := range rows[0] {
		at[h] = i
	}
	hidden := 0
	for i, row := range rows {
		fits := i > 0
		for concept, code := range codes {
			fits = fits && row[at[concept]] == code
		}
		conf := map[bool]string{true: "C", false: "F"}[fits]
		if i == 0 {
			conf = "CONF_STATUS"
		}
		if fits {
			hidden++
			for _, c := range []string{"OBS_VALUE", "LOWER_BOUND", "UPPER_BOUND"} {
				row[at[c]] = ""
			}
			row[at["OBS_STATUS"]] = "Q"
		}
		if c, ok := at["CONF_STATUS"]; ok {
			if fits {
				row[c] = conf
			}
		} else {
			rows[i] = append(row, conf)
		}
	}
	if hidden == 0 {
		t.Fatalf("%s: no cell has %v", table, codes)
	}
	var out bytes.Buffer
	if err := csv.NewWriter(&out).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestAuditPack hides cells of a real pack; each way of giving them away is found.
func TestAuditPack(t *testing.T) {
	cri := map[string]string{"REF_AREA": "CRI", "REF_YEAR": "2022", "VICTIM_STATUS": "IDENTIFIED"}
	with := func(more ...string) map[string]string {
		m := map[string]string{}
		for k, v := range cri {
			m[k] = v
		}
		for i := 0; i < len(more); i += 2 {
			m[more[i]] = more[i+1]
		}
		return m
	}
	type cell struct {
		table string
		codes map[string]string
	}
	men, women := with("SEX", "M", "AGE", "_T"), with("SEX", "F", "AGE", "_T")
	children, adults := with("SEX", "_T", "AGE", "Y0T17"), with("SEX", "_T", "AGE", "Y_GE18")
	sexAge := func(codes ...map[string]string) []cell {
		var out []cell
		for _, c := range codes {
			out = append(out, cell{"victims-sex-age", c})
		}
		return out
	}
	for name, tc := range map[string]struct {
		hide []cell
		want string // of the cell SEX=M, or AGE=Y0T17
		find audit.Key
	}{
		"subtraction":          {sexAge(men), "exact", key("M", "_T")},
		"a sum of finer cells": {sexAge(men, women), "exact", key("M", "_T")},
		"a share beside it": {append(sexAge(children, adults),
			sexAge(with("SEX", "F", "AGE", "Y0T17"), with("SEX", "F", "AGE", "Y_GE18"), with("SEX", "M", "AGE", "Y0T17"), with("SEX", "M", "AGE", "Y_GE18"))...),
			"exact", key("_T", "Y0T17")},
		"the share hidden too": {append(sexAge(children, adults,
			with("SEX", "F", "AGE", "Y0T17"), with("SEX", "F", "AGE", "Y_GE18"), with("SEX", "M", "AGE", "Y0T17"), with("SEX", "M", "AGE", "Y_GE18")),
			cell{"children-share", cri}), "safe", key("_T", "Y0T17")},
		"hidden in one table alone": {[]cell{{"victims", cri}}, "exact", key("_T", "_T")},
	} {
		t.Run(name, func(t *testing.T) {
			pack := demoPack(t)
			for _, c := range tc.hide {
				hide(t, pack, c.table, c.codes)
			}
			r := audited(t, pack)
			got := ""
			for _, f := range r.Findings {
				if k := f.Key; k[audit.RefArea] == "CRI" && k[audit.Sex] == tc.find[audit.Sex] && k[audit.Age] == tc.find[audit.Age] {
					got += string(f.Verdict)
				}
			}
			if got != tc.want {
				t.Errorf("the cell is %q, want %q", got, tc.want)
			}
			if r.Contradicted+r.Weakened+r.Dropped > 0 {
				t.Errorf("the pack contradicts itself: %d, %d, %d", r.Contradicted, r.Weakened, r.Dropped)
			}
		})
	}
}

func key(sex, age string) audit.Key {
	k := audit.NewKey()
	k[audit.Sex], k[audit.Age] = sex, age
	return k
}

// TestAuditOlderPack: what an older pack printed gives away what is hidden now.
func TestAuditOlderPack(t *testing.T) {
	older, newer := demoPack(t), demoPack(t)
	row := map[string]string{"REF_AREA": "CRI", "REF_YEAR": "2022", "VICTIM_STATUS": "IDENTIFIED"}
	for _, table := range []string{"children-share", "female-share"} {
		hide(t, newer, table, row)
	}
	delete(row, "REF_YEAR") // of all years and cells
	hide(t, newer, "victims-sex-age", row)
	verdict := func(paths ...string) (verdicts []audit.Verdict) {
		for _, f := range audited(t, paths...).Findings {
			if k := f.Key; k[audit.RefArea] == "CRI" && k[audit.TimePeriod] == "2022" && k[audit.Sex] == "M" && k[audit.Age] == "Y_GE18" && k[audit.VictimStatus] == "IDENTIFIED" {
				verdicts = append(verdicts, f.Verdict)
			}
		}
		return verdicts
	}
	if d := cmp.Diff([]audit.Verdict{audit.Safe}, verdict(newer)); d != "" {
		t.Errorf("the new pack alone (-want +got)\n%s", d)
	}
	if d := cmp.Diff([]audit.Verdict{audit.Exact}, verdict(newer, older)); d != "" {
		t.Errorf("with the older pack (-want +got)\n%s", d)
	}
}
