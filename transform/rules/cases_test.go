package rules_test

// ruleCase is one small file and what the rules must say of it.
type ruleCase struct {
	name    string
	rule    string // for cases without findings: the rule that is to keep quiet
	repeats string
	before  string // the figures of a file accepted earlier, before.xlsx
	figures string
	want    []string
}

var ruleCases = []ruleCase{
	{name: "two cells differ", figures: `
		cell SEX value
		B2   F   5
		B3   M   1
		B4   F   7
		B5   F   5
		B6   F   <5`,
		want: []string{
			"TIP-V018 at 'S'!B4 against 'S'!B2: found 5 | 7 expected  count 1",
			"TIP-V018 at 'S'!B6 against 'S'!B2: found 5 | <5 expected  count 1",
		}},
	{name: "two cells differ, on two sheets", figures: `
		sheet cell value
		A     B2   5
		B     B2   O`,
		want: []string{"TIP-V018 at 'B'!B2 against 'A'!B2: found 5 | O expected  count 1"}},
	{name: "two kinds of nothing differ", figures: `
		cell value
		B2   O
		B3   L`,
		want: []string{"TIP-V018 at 'S'!B3 against 'S'!B2: found O | L expected  count 1"}},
	{name: "repeats that add up are no conflict", rule: "TIP-V018", repeats: "add", figures: `
		cell value
		B2   5
		B3   7
		B4   5`},
	{name: "other keys are no repeats", rule: "TIP-V018", figures: `
		cell place SEX COUNTING_UNIT breakdown value
		B2   .     F   .             .         13
		B3   .     M   .             .         7
		B4   Lima  F   .             .         6
		B5   Puno  F   .             .         7
		B6   .     F   CASE          .         8
		B7   .     F   .             other     9`},

	{name: "two cells agree", figures: `
		cell value
		B2   5
		B3   5
		B4   5=5.0
		B5   5:P`,
		want: []string{
			"TIP-V026 at 'S'!B3 against 'S'!B2: found 5 expected  count 1",
			"TIP-V026 at 'S'!B4 against 'S'!B2: found 5.0 expected  count 1",
			"TIP-V026 at 'S'!B5 against 'S'!B2: found 5 expected  count 1",
		}},
	{name: "equal repeats that add up", rule: "TIP-V026", repeats: "add", figures: `
		cell value
		B2   5
		B3   5`},

	{name: "a total above its parts", figures: `
		sheet cell breakdown SEX value
		A     B2   parts     F   5
		A     B3   parts     M   6
		B     B9   parts     .   12`,
		want: []string{"TIP-V020 at 'B'!B9 against 'A'!B2:B3: found 12 expected 11 (SEX, 2023) count 1"}},
	{name: "a total below its parts, one of them missing", figures: `
		cell breakdown SEX value
		B2   parts     F   5
		B3   parts     M   O
		B4   parts     _U  6
		B5   parts     .   10`,
		want: []string{"TIP-V020 at 'S'!B5 against 'S'!B2:B4: found 10 expected 11– (SEX, 2023) count 1"}},
	{name: "a total outside the range of its parts", figures: `
		cell breakdown SEX value
		B2   parts     F   5
		B3   parts     M   <5
		B4   parts     .   10`,
		want: []string{"TIP-V020 at 'S'!B4 against 'S'!B2:B3: found 10 expected 5–9 (SEX, 2023) count 1"}},
	{name: "a censored total below its parts", figures: `
		cell breakdown SEX value
		B2   parts     F   5
		B3   parts     M   1
		B4   parts     .   <5`,
		want: []string{"TIP-V020 at 'S'!B4 against 'S'!B2:B3: found 0–4 expected 6 (SEX, 2023) count 1"}},
	{name: "totals that hold", rule: "TIP-V020", figures: `
		cell breakdown TIME_PERIOD SEX value
		B1   parts     2019        F   5
		B2   parts     2019        M   6
		B3   parts     2019        .   11
		B4   parts     2020        F   <5
		B5   parts     2020        M   <5
		B6   parts     2020        .   8
		B7   parts     2021        F   5
		B8   parts     2021        M   O
		B9   parts     2021        .   12
		B10  parts     2022        F   5
		B11  parts     2022        M   6
		B12  parts     2022        .   O
		C1   loose     2023        F   5
		C2   loose     2023        M   6
		C3   loose     2023        .   19`},
	{name: "women alone are not the total", figures: `
		cell breakdown SEX value
		B1   parts     F   5
		B2   parts     .   12`,
		want: []string{"TIP-V033 at 'S'!B1 against : found F (PER VICTIMS_DETECTED) expected M count 1"}},

	{name: "a second total differs", figures: `
		cell breakdown role  value
		B2   total     .     12
		B3   by-age    check 11`,
		want: []string{"TIP-V021 at 'S'!B3 against 'S'!B2: found 11 (by-age, 2023) expected 12 (total) count 1"}},
	{name: "a second total that agrees, or can't be compared", rule: "TIP-V021", figures: `
		cell breakdown role  TIME_PERIOD COUNTING_UNIT value
		B2   total     .     2022        .             12
		B3   by-age    check 2022        .             12
		B4   total     .     2023        .             13
		B5   by-age    check 2023        CASE          9
		B6   total     .     2024        .             14
		B7   by-age    check 2024        .             O`},

	{name: "months with a gap", figures: `
		cell TIME_PERIOD value
		B1   2023-01     1
		B2   2023-02     1
		B4   2023-04     1
		C1   2024-Q1     1
		C4   2024-Q4     1`,
		want: []string{
			"TIP-V027 at  against : found 2023 (PER, VICTIMS_DETECTED) expected 3 count 1",
			"TIP-V027 at  against : found 2024 (PER, VICTIMS_DETECTED) expected 6 count 1",
		}},
	{name: "part of a year without a gap", rule: "TIP-V027", figures: `
		cell TIME_PERIOD SEX value
		B1   2023-11     F   1
		B2   2023-12     M   1
		B3   2024-01     F   1
		B4   2024-02     F   1
		C1   2025-Q2     F   1
		C2   2025-Q3     F   1
		D1   2020        F   1
		D2   2022        F   1`},

	{name: "more convicted than prosecuted", figures: `
		cell INDICATOR          value
		B1   PERSONS_PROSECUTED 10
		B2   PERSONS_CONVICTED  12`,
		want: []string{"TIP-V028 at 'S'!B2 against 'S'!B1: found 12 (PER 2023) expected 10 count 1"}},
	{name: "convicted and prosecuted that can be", rule: "TIP-V028", figures: `
		cell INDICATOR          TIME_PERIOD REF_AREA SEX COUNTING_UNIT value
		B1   PERSONS_PROSECUTED 2020        .        .   .             10
		B2   PERSONS_CONVICTED  2020        .        .   .             10
		B3   PERSONS_PROSECUTED 2021        .        .   .             10
		B4   PERSONS_CONVICTED  2022        .        .   .             12
		B5   PERSONS_CONVICTED  2021        COL      .   .             12
		B6   PERSONS_PROSECUTED 2023        .        .   CASE          10
		B7   PERSONS_CONVICTED  2023        .        .   PERSON        12
		B8   PERSONS_PROSECUTED 2024        .        .   .             O
		B9   PERSONS_CONVICTED  2024        .        .   .             14`},

	{name: "a form and one that it holds", figures: `
		cell breakdown EXPLOITATION       TIME_PERIOD value
		B1   parts     LABOUR             2022        10
		B2   parts     DOMESTIC_SERVITUDE 2022        4
		B3   parts     LABOUR             2023        11
		B4   parts     DOMESTIC_SERVITUDE 2023        5`,
		want: []string{"TIP-V029 at 'S'!B1 against 'S'!B2: found LABOUR expected DOMESTIC_SERVITUDE count 2"}},
	{name: "forms beside each other", rule: "TIP-V029", figures: `
		cell breakdown EXPLOITATION       TIME_PERIOD value
		B1   parts     LABOUR_NEC         2022        10
		B2   parts     DOMESTIC_SERVITUDE 2022        4
		B3   parts     SEXUAL             2022        11
		B4   parts     LABOUR             2023        11`},
}
