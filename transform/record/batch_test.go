package record_test

import (
	"errors"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/transform/record"
)

// row gives one row of a batch as text, by column.
func row(b arrow.RecordBatch, i int) map[string]string {
	m := map[string]string{}
	for c, f := range b.Schema().Fields() {
		m[f.Name] = b.Column(c).ValueStr(i)
	}
	return m
}

func figure() *record.Figure {
	cs := record.NewConcepts()
	for id, v := range map[string]string{"FREQ": "A", "REF_AREA": "PER", "INDICATOR": "VICTIMS_DETECTED", "SEX": "F", "TIME_PERIOD": "2023", "SOURCE_AGENCY": "SAMPLE"} {
		at, _ := record.ConceptOf(id)
		cs[at] = v
	}
	return &record.Figure{Sheet: "Hoja 1", RowNo: 7, Cell: "D7", Raw: "12", Breakdown: "total", Role: "figure", AreaDetail: "Lima",
		Concepts: cs, Value: record.Exact(12), UnitMult: 3, Decimals: 1}
}

// TestBuilderRows writes each kind and reads the batch back.
func TestBuilderRows(t *testing.T) {
	mem := memory.NewCheckedAllocator(memory.DefaultAllocator)
	defer mem.AssertSize(t, 0)
	var got []map[string]string
	keep := func(b arrow.RecordBatch) error {
		for i := range int(b.NumRows()) {
			got = append(got, row(b, i))
		}
		return nil
	}
	fig := record.NewBuilder(mem, record.KindFigure, keep)
	defer fig.Release()
	if err := fig.Figure(figure()); err != nil {
		t.Fatal(err)
	}
	censored, nothing := figure(), figure()
	censored.Value, nothing.Value = record.Censored(0, 4), record.Missing(record.NotCollected)
	if err := errors.Join(fig.Figure(censored), fig.Figure(nothing), fig.Flush(), fig.Flush()); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"row_seq": "1", "sheet": "Hoja 1", "row_no": "7", "cell": "D7", "raw_text": "12", "breakdown": "total", "role": "figure",
		"area_detail": "Lima", "FREQ": "A", "REF_AREA": "PER", "INDICATOR": "VICTIMS_DETECTED", "SEX": "F", "AGE": "_T", "EXPLOITATION": "_T",
		"CITIZENSHIP": "_T", "ORIGIN": "_T", "TRANSIT": "_T", "DESTINATION": "_T", "TIME_PERIOD": "2023", "OBS_VALUE": "12", "LOWER_BOUND": "12",
		"UPPER_BOUND": "12", "UNIT_MEASURE": "NUMBER", "UNIT_MULT": "3", "DECIMALS": "1", "OBS_STATUS": "A", "CONF_STATUS": "F", "COUNTING_UNIT": "_U",
		"VICTIM_STATUS": "_Z", "IDENTIFIED_BY": "_U", "COVERAGE": "_U", "LEGAL_ARTICLE": "", "PERIOD_AS_REPORTED": "", "SOURCE_AGENCY": "SAMPLE", "COMMENT_OBS": "",
		"derivation": "(null)", "grade": "(null)", "grade_reasons": "(null)"}
	if d := cmp.Diff(want, got[0]); d != "" {
		t.Errorf("a figure (-want +got):\n%s", d)
	}
	numbers := func(m map[string]string) []string {
		return []string{m["row_seq"], m["OBS_VALUE"], m["LOWER_BOUND"], m["UPPER_BOUND"]}
	}
	if d := cmp.Diff([]string{"2", array.NullValueStr, "0", "4"}, numbers(got[1])); d != "" {
		t.Errorf("a censored figure (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]string{"3", array.NullValueStr, array.NullValueStr, array.NullValueStr}, numbers(got[2])); d != "" {
		t.Errorf("no figure (-want +got):\n%s", d)
	}

	got = nil
	cases := record.NewBuilder(mem, record.KindCase, keep)
	defer cases.Release()
	if err := errors.Join(cases.Case(&record.Case{Sheet: "", RowNo: 2, Concepts: figure().Concepts}), cases.Flush()); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(map[string]string{"row_seq": "1", "sheet": "", "row_no": "2", "REF_AREA": "PER", "INDICATOR": "VICTIMS_DETECTED", "SEX": "F",
		"AGE": "_T", "EXPLOITATION": "_T", "CITIZENSHIP": "_T", "ORIGIN": "_T", "TRANSIT": "_T", "DESTINATION": "_T", "TIME_PERIOD": "2023",
		"COUNTING_UNIT": "_U", "VICTIM_STATUS": "_Z", "IDENTIFIED_BY": "_U", "COVERAGE": "_U", "LEGAL_ARTICLE": "", "SOURCE_AGENCY": "SAMPLE"}, got[0]); d != "" {
		t.Errorf("a case (-want +got):\n%s", d)
	}

	got = nil
	treaty := record.NewBuilder(mem, record.KindTreaty, keep)
	defer treaty.Release()
	act := &record.TreatyAction{Sheet: "s", RowNo: 3, Cell: "B3", Raw: "12 Dec 2000", RefArea: "PER", Instrument: "TIP_PROTOCOL", Action: "SIGNATURE",
		Date: time.Date(2000, 12, 12, 0, 0, 0, 0, time.UTC)}
	if err := errors.Join(treaty.TreatyAction(act), treaty.Flush()); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(map[string]string{"row_seq": "1", "sheet": "s", "row_no": "3", "cell": "B3", "raw_text": "12 Dec 2000", "REF_AREA": "PER",
		"INSTRUMENT": "TIP_PROTOCOL", "ACTION": "SIGNATURE", "ACTION_DATE": "2000-12-12"}, got[0]); d != "" {
		t.Errorf("an action (-want +got):\n%s", d)
	}
}

// TestBuilderBatches: a batch goes on at BatchRows, the rest at Flush, row_seq
// goes on over the batches, and nothing is leaked, not even when emit fails or
// the builder is let go with rows in it.
func TestBuilderBatches(t *testing.T) {
	mem := memory.NewCheckedAllocator(memory.DefaultAllocator)
	defer mem.AssertSize(t, 0)
	var sizes, firsts []int64
	b := record.NewBuilder(mem, record.KindCase, func(batch arrow.RecordBatch) error {
		sizes = append(sizes, batch.NumRows())
		firsts = append(firsts, batch.Column(0).(*array.Int64).Value(0))
		return nil
	})
	c := &record.Case{RowNo: 1, Concepts: record.NewConcepts()}
	for range 2*record.BatchRows + 10 {
		if err := b.Case(c); err != nil {
			t.Fatal(err)
		}
	}
	if len(sizes) != 2 {
		t.Errorf("%d batches before Flush", len(sizes))
	}
	if err := b.Flush(); err != nil {
		t.Fatal(err)
	}
	b.Release()
	if d := cmp.Diff([]int64{record.BatchRows, record.BatchRows, 10}, sizes); d != "" {
		t.Errorf("sizes (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]int64{1, record.BatchRows + 1, 2*record.BatchRows + 1}, firsts); d != "" {
		t.Errorf("first row_seq (-want +got):\n%s", d)
	}
	if b.Rows() != 2*record.BatchRows+10 {
		t.Errorf("Rows is %d", b.Rows())
	}

	full := errors.New("disk full")
	failing := record.NewBuilder(mem, record.KindFigure, func(arrow.RecordBatch) error { return full })
	var err error
	n := 0
	for ; err == nil; n++ {
		err = failing.Figure(figure())
	}
	if !errors.Is(err, full) || n != record.BatchRows {
		t.Errorf("emit failed and row %d gave %v", n, err)
	}
	if err := failing.Figure(figure()); err != nil {
		t.Errorf("the row after: %v", err)
	}
	if err := failing.Flush(); !errors.Is(err, full) {
		t.Errorf("Flush gave %v", err)
	}
	_ = failing.Figure(figure())
	failing.Release()
}
