package rules_test

// storeCases are those that compare years, files and States.
var storeCases = []ruleCase{
	{name: "a year far above the one before", figures: `
		cell TIME_PERIOD value
		B2   2021        40
		B3   2022        210
		B4   2023        180`,
		want: []string{"TIP-V044 at 'S'!B3 against 'S'!B2: found 210 (PER VICTIMS_DETECTED 2022) expected 40 (2021) count 1"}},
	{name: "a year far below that of an earlier file", before: `
		cell TIME_PERIOD value
		B2   2020        200
		B3   2021        210`, figures: `
		cell TIME_PERIOD value
		D2   2023        30`,
		want: []string{"TIP-V044 at 'S'!D2 against : found 30 (PER VICTIMS_DETECTED 2023) expected 210 (2021, before.xlsx 'S'!B3) count 1"}},
	{name: "years that can be", rule: "TIP-V044", before: `
		cell TIME_PERIOD REF_AREA value
		B2   2022        .        10
		B3   2022        COL      100
		B4   2022        CHL      1000
		B5   2020        ECU      500
		B6   2022        BOL      <30`, figures: `
		cell TIME_PERIOD REF_AREA COUNTING_UNIT value
		D2   2023        .        .             24
		D3   2023        COL      .             175
		D4   2023        CHL      .             1900
		D5   2023        ECU      .             30
		D6   2023        BOL      .             2
		D7   2023        ARG      CASE          2`},

	{name: "zeros after figures", before: `
		cell TIME_PERIOD value
		B2   2020        14`, figures: `
		cell TIME_PERIOD REF_AREA value
		D2   2021        .        0
		D3   2021        COL      11
		D4   2022        COL      11
		D5   2023        COL      12
		D6   2024        COL      0`,
		want: []string{
			"TIP-V045 at 'S'!D6 against 'S'!D5: found 0 (COL VICTIMS_DETECTED 2024) expected 11 (2021), 11 (2022), 12 (2023) count 1",
			"TIP-V045 at 'S'!D2 against : found 0 (PER VICTIMS_DETECTED 2021) expected 14 (2020) count 1",
		}},
	{name: "zeros after few", rule: "TIP-V045", figures: `
		cell TIME_PERIOD REF_AREA value
		B2   2020        .        13
		B3   2021        .        0
		B4   2021        COL      10
		B5   2022        COL      11
		B6   2023        COL      11
		B7   2024        COL      0
		B8   2022        CHL      40
		B9   2023        CHL      O`},

	{name: "one figure in three years", before: `
		cell TIME_PERIOD value
		B2   2021        53`, figures: `
		cell TIME_PERIOD value
		D2   2022        53
		D3   2023        53`,
		want: []string{"TIP-V046 at 'S'!D3 against : found 53 (PER VICTIMS_DETECTED) expected 2021–2023 count 1"}},
	{name: "one figure in two years, or a small one", rule: "TIP-V046", figures: `
		cell TIME_PERIOD REF_AREA value
		B2   2020        .        53
		B3   2022        .        53
		B4   2023        .        53
		B5   2021        COL      9
		B6   2022        COL      9
		B7   2023        COL      9`},

	{name: "a figure revised, and one part", before: `
		cell breakdown SEX TIME_PERIOD value
		B2   parts     F   2022        50
		B3   parts     M   2022        50
		B4   parts     .   2022        100
		B5   parts     F   2023        50
		B6   parts     M   2023        50
		B7   parts     .   2023        100`, figures: `
		cell breakdown SEX TIME_PERIOD value
		D2   parts     F   2022        115
		D3   parts     M   2022        50
		D4   parts     .   2022        165
		D5   parts     F   2023        95
		D6   parts     M   2023        5
		D7   parts     .   2023        100`,
		want: []string{
			"TIP-V047 at 'S'!D6 against : found 5 (PER VICTIMS_DETECTED 2023 M) expected 50, before.xlsx 'S'!B6 count 1",
			"TIP-V047 at 'S'!D4 against : found 165 (PER VICTIMS_DETECTED 2022) expected 100, before.xlsx 'S'!B4 count 1",
		}},
	{name: "a figure corrected", rule: "TIP-V047", before: `
		cell REF_AREA value
		B2   .        100
		B3   COL      <5`, figures: `
		cell REF_AREA value
		D2   .        119
		D3   COL      12`},

	{name: "figures withdrawn", before: `
		cell SEX value
		B2   F   10
		B3   M   9`, figures: `
		cell SEX value
		D2   F   O
		D3   M   L`,
		want: []string{"TIP-V048 at 'S'!D2 against : found O (PER VICTIMS_DETECTED 2023) expected 10, before.xlsx 'S'!B2 count 2"}},
	{name: "figures withheld, and missing as before", rule: "TIP-V048", before: `
		cell SEX value
		B2   F   10
		B3   M   O`, figures: `
		cell SEX value
		D2   F   Q
		D3   M   O`},

	{name: "a rate against the count of an earlier file", before: `
		cell value
		B2   0`, figures: `
		cell INDICATOR             UNIT_MEASURE   value
		D2   VICTIMS_DETECTED_RATE PER_100000_POP 3`,
		want: []string{"TIP-V050 at 'S'!D2 against : found 3 (PER 2023) expected 0 (before.xlsx 'S'!B2) count 1"}},

	{name: "two States and one route", before: `
		cell INDICATOR     REF_AREA ORIGIN DESTINATION value
		B2   ROUTE_VICTIMS COL      COL    PER         80
		B3   ROUTE_VICTIMS CHL      PER    CHL         20`, figures: `
		cell INDICATOR     ORIGIN DESTINATION value
		D2   ROUTE_VICTIMS COL    PER         12
		D3   ROUTE_VICTIMS PER    CHL         31`,
		want: []string{"TIP-V051 at 'S'!D2 against : found 12 (COL → PER 2023) expected 80 (COL, before.xlsx 'S'!B2) count 1"}},
	{name: "two States that agree, or count otherwise", rule: "TIP-V051", before: `
		cell INDICATOR     REF_AREA ORIGIN DESTINATION VICTIM_STATUS value
		B2   ROUTE_VICTIMS COL      COL    PER         IDENTIFIED    20
		B3   ROUTE_VICTIMS CHL      PER    CHL         PRESUMED      80`, figures: `
		cell INDICATOR     ORIGIN DESTINATION VICTIM_STATUS value
		D2   ROUTE_VICTIMS COL    PER         IDENTIFIED    12
		D3   ROUTE_VICTIMS PER    CHL         IDENTIFIED    12`},

	{name: "more repatriated than detected", before: `
		cell REF_AREA CITIZENSHIP value
		B2   CHL      PER         8`, figures: `
		cell INDICATOR           CITIZENSHIP DESTINATION value
		D2   VICTIMS_REPATRIATED PER         CHL         60`,
		want: []string{"TIP-V052 at 'S'!D2 against : found 60 (CHL → PER 2023) expected 8 (CHL, before.xlsx 'S'!B2) count 1"}},
	{name: "fewer repatriated than detected", rule: "TIP-V052", before: `
		cell REF_AREA CITIZENSHIP value
		B2   CHL      PER         80
		B3   COL      PER         8`, figures: `
		cell INDICATOR           CITIZENSHIP DESTINATION value
		D2   VICTIMS_REPATRIATED PER         CHL         9
		D3   VICTIMS_REPATRIATED PER         COL         15`},

	{name: "a year that had just begun", figures: `
		cell TIME_PERIOD SEX value
		B2   2026        F   5
		B3   2026        M   6`,
		want: []string{"TIP-V053 at 'S'!B2 against : found 2026 (PER VICTIMS_DETECTED) expected 2026-01-15 count 2"}},
	{name: "a year that had ended, and figures marked as provisional", rule: "TIP-V053", figures: `
		cell TIME_PERIOD value
		B2   2025        5
		B3   2026        6:P
		B4   2027        O`},
}
