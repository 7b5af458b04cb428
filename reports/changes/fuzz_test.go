package changes

import (
	"strings"
	"testing"
)

// FuzzParse: no csv in a pack's folder makes it panic, and what is read has
// its parts.
func FuzzParse(f *testing.F) {
	const head = "table,row_kind,REF_AREA,REF_AREA_label,REF_YEAR,REF_YEAR_label,shown,OBS_VALUE,LOWER_BOUND,UPPER_BOUND,OBS_STATUS,grade,grade_reasons,notes,TIME_PERIOD,PERIOD_AS_REPORTED,derivation,n_missing,submission_id,source_file,source_sha256,obs_ids,layout\n"
	f.Add(head+"victims,series,HND,Honduras,2023,2023,,5,5,5,A,B,,a | b,2023,,reported,0,s,f,h,100000001 200000001,l\n", 1)
	f.Add(head+"victims,series,HND,Honduras,2023,2023,party,,,,A,,,,2001-01-01,,party,0,s,f,h,,l\n", 1)
	f.Add(head+"victims,series,HND,Honduras,2023,2023,,x,,,A,,,,,,,0,,,,,\n", 2)
	f.Add("table,row_kind,shown\nvictims", 3)
	f.Add(strings.Replace(head, "obs_ids", "obs", 1), 1)
	f.Fuzz(func(t *testing.T, csv string, levels int) {
		if levels < 1 || levels > 3 { // tables have one to three
			return
		}
		d, err := parse(strings.NewReader(csv), levels, nil)
		if err != nil {
			return
		}
		for _, k := range d.order {
			if v, ok := d.by[k]; !ok || len(v.column) < levels {
				t.Errorf("%q: %+v", k, v)
			}
		}
	})
}
