package rules_test

// tableCases are the rules that compare the figures of one file.
var tableCases = []ruleCase{
	{name: "a form above the total of another table", figures: `
		cell breakdown EXPLOITATION SEX value
		B2   total     .            .   10
		B3   forms     SEXUAL       .   14
		B4   forms     LABOUR       .   11
		B5   forms     OTHER        .   10`,
		want: []string{"TIP-V030 at 'S'!B3 against 'S'!B2: found 14 (PER 2023 SEXUAL) expected 10 count 2"}},
	{name: "women of one form above the form", figures: `
		cell breakdown EXPLOITATION SEX value
		B2   forms     SEXUAL       .   10
		B3   forms     SEXUAL       F   12
		B4   forms     LABOUR       .   11`,
		want: []string{"TIP-V030 at 'S'!B3 against 'S'!B2: found 12 (PER 2023 F SEXUAL) expected 10 count 1"}},
	{name: "a finer form above the form", figures: `
		cell breakdown EXPLOITATION       value
		B2   forms     LABOUR             10
		B3   finer     DOMESTIC_SERVITUDE 12`,
		want: []string{"TIP-V030 at 'S'!B3 against 'S'!B2: found 12 (PER 2023 DOMESTIC_SERVITUDE) expected 10 count 1"}},
	{name: "parts that are not above their totals", rule: "TIP-V030", figures: `
		cell breakdown EXPLOITATION TIME_PERIOD COUNTING_UNIT value
		B2   total     .            2022        .             10
		B3   forms     SEXUAL       2022        .             10
		B4   forms     LABOUR       2022        .             10
		B5   total     .            2023        .             <5
		B6   forms     SEXUAL       2023        .             <10
		B7   total     .            2024        CASE          10
		B8   forms     SEXUAL       2024        PERSON        12
		B9   total     .            2025        .             O
		C2   forms     SEXUAL       2025        .             12`},

	{name: "a total that was left at zero", figures: `
		cell breakdown SEX value
		B2   parts     F   5
		B3   parts     M   6
		B4   parts     .   0`,
		want: []string{"TIP-V031 at 'S'!B4 against 'S'!B2: found 0 (PER 2023) expected 5 (F) count 2"}},
	{name: "a total that is zero", rule: "TIP-V031", figures: `
		cell breakdown SEX value
		B2   parts     F   0
		B3   parts     M   <5
		B4   parts     .   0`},

	{name: "citizenships above the total", figures: `
		cell breakdown   CITIZENSHIP value
		B2   total       .           10
		B3   citizenship PER         8
		B4   citizenship COL         2
		B5   citizenship ECU         <5
		B6   citizenship VEN         1`,
		want: []string{"TIP-V032 at 'S'!B2 against 'S'!B3:B6: found 10 (PER 2023) expected 11–15 (CITIZENSHIP) count 1"}},
	{name: "citizenships within the total, and subtotals beside them", rule: "TIP-V032", figures: `
		cell breakdown   CITIZENSHIP EXPLOITATION TIME_PERIOD value
		B2   total       .           .            2022        10
		B3   citizenship PER         .            2022        6
		B4   citizenship COL         .            2022        2
		B5   citizenship FOREIGN     .            2022        4
		C2   total       .           .            2023        11
		C3   forms       .           SEXUAL       2023        9
		C4   forms       .           LABOUR       2023        6`},

	{name: "men in one year alone", figures: `
		cell SEX TIME_PERIOD value
		B2   F   2021        5
		B3   M   2021        7
		B4   F   2022        6
		B5   F   2023        8`,
		want: []string{"TIP-V033 at 'S'!B4 against : found F (PER VICTIMS_DETECTED) expected M count 2"}},
	{name: "a table of women, and men that are not available or none", rule: "TIP-V033", figures: `
		cell breakdown SEX TIME_PERIOD value
		B2   women     F   2021        5
		B3   women     F   2022        6
		C2   .         F   2021        5
		C3   .         M   2021        O
		C4   .         F   2022        6
		C5   .         .   2022        6`},

	{name: "more prosecuted than investigated, more convicted without prosecuted", figures: `
		cell INDICATOR            TIME_PERIOD value
		B2   PERSONS_INVESTIGATED 2022        10
		B3   PERSONS_PROSECUTED   2022        12
		B4   PERSONS_INVESTIGATED 2023        10
		B5   PERSONS_CONVICTED    2023        15`,
		want: []string{
			"TIP-V034 at 'S'!B3 against 'S'!B2: found 12 (PERSONS_PROSECUTED, PER 2022) expected 10 count 1",
			"TIP-V034 at 'S'!B5 against 'S'!B4: found 15 (PERSONS_CONVICTED, PER 2023) expected 10 count 1",
		}},
	{name: "stages in order, or not of one unit", rule: "TIP-V034", figures: `
		cell INDICATOR            TIME_PERIOD COUNTING_UNIT value
		B2   PERSONS_INVESTIGATED 2022        .             12
		B3   PERSONS_PROSECUTED   2022        .             12
		B4   PERSONS_INVESTIGATED 2023        CASE          10
		B5   PERSONS_PROSECUTED   2023        .             15`},

	{name: "more women convicted than prosecuted", figures: `
		cell INDICATOR          SEX value
		B2   PERSONS_PROSECUTED F   10
		B3   PERSONS_PROSECUTED M   20
		B4   PERSONS_CONVICTED  F   12
		B5   PERSONS_CONVICTED  M   15`,
		want: []string{"TIP-V035 at 'S'!B4 against 'S'!B2: found 12 (PER 2023 F) expected 10 count 1"}},
	{name: "the sexes in order, or the total already told", rule: "TIP-V035", figures: `
		cell INDICATOR          SEX TIME_PERIOD value
		B2   PERSONS_PROSECUTED F   2023        12
		B3   PERSONS_PROSECUTED M   2023        20
		B4   PERSONS_CONVICTED  F   2023        12
		B5   PERSONS_CONVICTED  M   2023        <21`},

	{name: "more convicted than prosecuted in three years", figures: `
		cell INDICATOR          TIME_PERIOD value
		B2   PERSONS_PROSECUTED 2021        10
		B3   PERSONS_PROSECUTED 2022        9
		B4   PERSONS_PROSECUTED 2023        <12
		B5   PERSONS_CONVICTED  2023        35`,
		want: []string{
			"TIP-V036 at 'S'!B5 against 'S'!B4: found 35 (PER 2023) expected 19–30 (2021–2023) count 1",
		}},
	{name: "convicted that were prosecuted before, or years that are not there", rule: "TIP-V036", figures: `
		cell INDICATOR          REF_AREA TIME_PERIOD value
		B2   PERSONS_PROSECUTED .        2021        10
		B3   PERSONS_PROSECUTED .        2022        9
		B4   PERSONS_PROSECUTED .        2023        <12
		B5   PERSONS_CONVICTED  .        2023        11
		B6   PERSONS_PROSECUTED COL      2021        10
		B7   PERSONS_PROSECUTED COL      2022        9
		B8   PERSONS_CONVICTED  COL      2023        35`},

	{name: "adults among sold children", figures: `
		cell EXPLOITATION AGE    SEX value
		B2   CHILD_SALE   Y18T29 .   4
		B3   CHILD_SALE   Y0T17  .   4`,
		want: []string{"TIP-V037 at 'S'!B2 against : found 4– (PER 2023 Y_GE18) expected  count 1"}},
	{name: "sold children, and adults of other forms", rule: "TIP-V037", figures: `
		cell EXPLOITATION    AGE    value
		B2   CHILD_SALE      Y_GE18 0
		B3   CHILD_SALE      Y0T17  9
		B4   FORCED_MARRIAGE Y_GE18 4`},

	{name: "thirty women and no man", figures: `
		cell SEX value
		B2   F   30
		B3   M   0`,
		want: []string{"TIP-V038 at 'S'!B2 against 'S'!B3: found 30 (F, PER 2023) expected 0 (M) count 1"}},
	{name: "few women and no man, or some men", rule: "TIP-V038", figures: `
		cell SEX TIME_PERIOD INDICATOR value
		B2   F   2022        .                  29
		B3   M   2022        .                  0
		B4   F   2023        .                  40
		B5   M   2023        .                  <5
		B6   F   2023        PERSONS_CONVICTED  0
		B7   M   2023        PERSONS_CONVICTED  40`},

	{name: "most of unknown age", figures: `
		cell breakdown AGE    TIME_PERIOD value
		B2   parts     Y0T17  2022        5
		B3   parts     Y_GE18 2022        5
		B4   parts     _U     2022        11
		B5   parts     Y0T17  2023        5
		B6   parts     Y_GE18 2023        5
		B7   parts     _U     2023        20`,
		want: []string{"TIP-V039 at 'S'!B7 against 'S'!B5:B7: found 20 (AGE, PER 2023) expected 30 count 2"}},
	{name: "half of unknown age, or most of few", rule: "TIP-V039", figures: `
		cell breakdown AGE    TIME_PERIOD value
		B2   parts     Y0T17  2022        5
		B3   parts     Y_GE18 2022        6
		B4   parts     _U     2022        11
		B5   parts     Y0T17  2023        1
		B6   parts     Y_GE18 2023        5
		B7   parts     _U     2023        13`},

	{name: "routes that turn on themselves", figures: `
		cell INDICATOR     ORIGIN TRANSIT DESTINATION TIME_PERIOD value
		B2   ROUTE_VICTIMS VEN    COL     COL         2022        4
		B3   ROUTE_VICTIMS VEN    COL     COL         2023        5
		B4   ROUTE_VICTIMS PER    CHL     PER         2023        5
		B5   ROUTE_VICTIMS VEN    _Z      CHL         2023        3`,
		want: []string{
			"TIP-V040 at 'S'!B2 against : found VEN → COL → COL (PER) expected COL count 2",
			"TIP-V041 at 'S'!B4 against : found PER → CHL → PER (PER) expected CHL count 1",
			"TIP-V042 at 'S'!B2 against : found VEN → COL expected PER count 2",
			"TIP-V042 at 'S'!B5 against : found VEN → CHL expected PER count 1",
		}},
	{name: "routes that end elsewhere", rule: "TIP-V040", figures: `
		cell INDICATOR     ORIGIN TRANSIT DESTINATION value
		B2   ROUTE_VICTIMS VEN    COL     PER         4
		B3   ROUTE_VICTIMS PER    CHL     CHL         0
		B4   ROUTE_VICTIMS _U     _U      PER         4`},
	{name: "domestic routes at home", rule: "TIP-V041", figures: `
		cell INDICATOR     ORIGIN TRANSIT DESTINATION value
		B2   ROUTE_VICTIMS PER    .       PER         4
		B3   ROUTE_VICTIMS PER    _Z      PER         4
		B4   ROUTE_VICTIMS PER    CHL     PER         0`},
	{name: "routes through the State, or from anywhere", rule: "TIP-V042", figures: `
		cell INDICATOR     ORIGIN  TRANSIT DESTINATION value
		B2   ROUTE_VICTIMS VEN     PER     CHL         4
		B3   ROUTE_VICTIMS FOREIGN .       CHL         4
		B4   ROUTE_VICTIMS COL     _Z      CHL         0
		B5   ROUTE_VICTIMS ECU     .       CHL         3`},

	{name: "two tables with their own totals", figures: `
		cell breakdown   SEX CITIZENSHIP value
		B2   parts       F   .           20
		B3   parts       M   .           10
		C2   citizenship .   PER         15
		C3   citizenship .   .           25`,
		want: []string{"TIP-V043 at 'S'!B2:B3 against 'S'!C3: found 30 (parts, PER 2023) expected 25 (citizenship) count 1"}},
	{name: "two tables that agree, or of two units", rule: "TIP-V043", figures: `
		cell breakdown   SEX CITIZENSHIP COUNTING_UNIT value
		B2   parts       F   .           .             20
		B3   parts       M   .           .             <10
		C2   citizenship .   PER         .             15
		C3   citizenship .   .           .             25
		D2   cases       .   .           CASE          12`},

	{name: "a rate of a hundred and one", figures: `
		cell INDICATOR             UNIT_MEASURE   value
		B2   VICTIMS_DETECTED_RATE PER_100000_POP 101`,
		want: []string{"TIP-V049 at 'S'!B2 against : found 101 (PER 2023) expected 100 count 1"}},
	{name: "a rate of a hundred, and counts", rule: "TIP-V049", figures: `
		cell INDICATOR             UNIT_MEASURE   value
		B2   VICTIMS_DETECTED_RATE PER_100000_POP 100
		B3   VICTIMS_DETECTED      .              101`},

	{name: "rates and counts of no population", figures: `
		cell INDICATOR             UNIT_MEASURE   TIME_PERIOD value
		B2   VICTIMS_DETECTED_RATE PER_100000_POP 2021        3
		B3   VICTIMS_DETECTED      .              2021        0
		B4   VICTIMS_DETECTED_RATE PER_100000_POP 2022        90
		B5   VICTIMS_DETECTED      .              2022        4`,
		want: []string{
			"TIP-V050 at 'S'!B2 against 'S'!B3: found 3 (PER 2021) expected 0 count 1",
			"TIP-V050 at 'S'!B4 against 'S'!B5: found 90 (PER 2022) expected 4 count 1",
		}},
	{name: "rates and counts of a population", rule: "TIP-V050", figures: `
		cell INDICATOR             UNIT_MEASURE   TIME_PERIOD value
		B2   VICTIMS_DETECTED_RATE PER_100000_POP 2021        0
		B3   VICTIMS_DETECTED      .              2021        40
		B4   VICTIMS_DETECTED_RATE PER_100000_POP 2022        2
		B5   VICTIMS_DETECTED      .              2022        70`},

	{name: "a year of another century", figures: `
		cell TIME_PERIOD value
		B2   2005        40
		B3   2015        50`,
		want: []string{"TIP-V054 at 'S'!B3 against 'S'!B2: found 2015 (PER VICTIMS_DETECTED) expected 2005 count 1"}},
	{name: "years with a gap", rule: "TIP-V054", figures: `
		cell TIME_PERIOD INDICATOR value
		B2   2006        .                 40
		B3   2015        .                 50
		B4   2001        PERSONS_CONVICTED 5`},

	{name: "persons with decimals", figures: `
		cell value
		B2   12.5`,
		want: []string{"TIP-V055 at 'S'!B2 against : found 12.5 (PER 2023) expected PERSON count 1"}},
	{name: "amounts and rates with decimals", rule: "TIP-V055", figures: `
		cell INDICATOR             UNIT_MEASURE   COUNTING_UNIT value
		B2   VICTIMS_DETECTED_RATE PER_100000_POP .             12.5
		B3   ASSETS_CONFISCATED    .              AMOUNT        12.5`},

	{name: "very many persons", figures: `
		cell value
		B2   100001`,
		want: []string{"TIP-V056 at 'S'!B2 against : found 100001 (PER VICTIMS_DETECTED 2023) expected 100000 count 1"}},
	{name: "many persons, more trained", rule: "TIP-V056", figures: `
		cell INDICATOR       COUNTING_UNIT value
		B2   .               .             100000
		B3   PERSONS_TRAINED .             100001
		B4   MLA_REQUESTS    REQUEST       100001`},

	{name: "withheld figures that can be computed", figures: `
		cell breakdown SEX TIME_PERIOD value
		B2   parts     F   2022        9
		B3   parts     M   2022        <5
		B4   parts     .   2022        12
		B5   parts     F   2023        9
		B6   parts     M   2023        Q
		B7   parts     .   2023        12`,
		want: []string{"TIP-V057 at 'S'!B3 against 'S'!B4: found parts (SEX) expected  count 2"}},
	{name: "withheld figures that can't be computed", rule: "TIP-V057", figures: `
		cell breakdown SEX TIME_PERIOD value
		B2   parts     F   2021        9
		B3   parts     M   2021        <5
		B4   parts     .   2021        Q
		B5   parts     F   2022        9
		B6   parts     M   2022        O
		B7   parts     .   2022        12
		C2   loose     F   2023        9
		C3   loose     M   2023        <5
		C4   loose     .   2023        12`},

	{name: "a year of zeros", figures: `
		cell AGE    SEX TIME_PERIOD value
		B2   Y0T17  F   2022        0
		B3   Y_GE18 F   2022        0
		B4   _U     F   2022        0
		B5   Y0T17  M   2022        0
		B6   Y_GE18 M   2022        0
		B7   _U     M   2022        0
		B8   Y0T17  F   2023        3`,
		want: []string{"TIP-V058 at 'S'!B2:B7 against : found 2022 (PER VICTIMS_DETECTED) expected 0 count 6"}},
	{name: "years of zeros, or few", rule: "TIP-V058", figures: `
		cell breakdown AGE    SEX TIME_PERIOD value
		B2   zeros     Y0T17  F   2022        0
		B3   zeros     Y_GE18 F   2022        0
		B4   zeros     _U     F   2022        0
		B5   zeros     Y0T17  M   2022        0
		B6   zeros     Y_GE18 M   2022        0
		B7   zeros     _U     M   2022        0
		C2   few       Y0T17  F   2022        0
		C3   few       Y0T17  F   2023        3`},

	{name: "a year in the column of figures", figures: `
		cell value
		B2   2023`,
		want: []string{"TIP-V059 at 'S'!B2 against : found 2023 (PER VICTIMS_DETECTED) expected 2023 count 1"}},
	{name: "two thousand persons", rule: "TIP-V059", figures: `
		cell value
		B2   2022`},

	{name: "women and men exchanged", figures: `
		cell SEX TIME_PERIOD value
		B2   F   2022        40
		B3   M   2022        10
		B4   F   2023        12
		B5   M   2023        39`,
		want: []string{"TIP-V060 at 'S'!B4 against 'S'!B2: found F 12, M 39 (PER VICTIMS_DETECTED 2023) expected F 40, M 10 (2022) count 1"}},
	{name: "shares that change, or turn among few", rule: "TIP-V060", figures: `
		cell SEX TIME_PERIOD REF_AREA value
		B2   F   2022        .        40
		B3   M   2022        .        10
		B4   F   2023        .        20
		B5   M   2023        .        31
		C2   F   2022        COL      20
		C3   M   2022        COL      9
		C4   F   2023        COL      4
		C5   M   2023        COL      15`},

	{name: "a year in a month", figures: `
		cell TIME_PERIOD value
		B2   2023-01     4
		B3   2023-02     6
		B4   2023-03     5
		B5   2023-04     60
		B6   2023-05     4
		B7   2023-06     3`,
		want: []string{"TIP-V061 at 'S'!B5 against : found 60 (PER VICTIMS_DETECTED 2023-04) expected 4.4 count 1"}},
	{name: "a busy month", rule: "TIP-V061", figures: `
		cell TIME_PERIOD value
		B2   2023-01     4
		B3   2023-02     6
		B4   2023-03     5
		B5   2023-04     17
		B6   2023-05     4
		B7   2023-06     3`},
}
