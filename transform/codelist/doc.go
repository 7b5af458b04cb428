// Package codelist turns what national files say (a country, a sex, an age, a
// form of exploitation) into codes, and never guesses.
//
// Everything it knows is data: codelists/*.csv holds one file for each list,
// synonyms/*.csv the spellings met in real files, area_group.csv the dated
// membership of States in groups, comparability.csv the rules that grade an
// observation. Names of countries are not typed: they come from CLDR through
// golang.org/x/text, unless the list overrides one that CLDR has outdated.
//
// A text maps to a code when it is the code, one of its labels, or a synonym,
// all compared after [Normalise]. Two repairs are made, each only when one
// single code can result: characters that were destroyed (U+FFFD) and UTF-8
// that was read as Windows-1252. Nothing is matched by likeness; likeness only
// orders the proposals that a human sees ([Set.Propose]).
//
// Two targets of synonyms are no codes. [RefArea] means the reporting State
// itself ("Nationals"). [Ambiguous] marks a spelling that can honestly mean
// several codes ("Congolese", "Korea"): it stays unmapped on purpose, also
// when some label would fit.
//
// One thing no list can know: in a column that says H and M, M is mujer, while
// the code M of CL_SEX is male. So H maps to nothing here, such a column is
// refused, and its layout must say what both letters mean.
package codelist
