// Package rounding is the room where figures are rounded to multiples of a small
// base, in place of being withheld. It knows figures and sums, and nothing of
// tables, States or the store.
//
// Random rounding: a figure goes to the multiple above with a probability of its
// rest over the base, else to the one below; a multiple stays. On average it is
// then what it was: 7 is 6 twice and 9 once in three times, with base 3. Each
// figure is rounded apart, so that parts and totals need not add up any more.
//
// Controlled rounding: each figure goes to one of its two neighbouring multiples
// too, but so that all sums hold, and of all ways to do so in the one that moves
// the figures least, all together. There need not be one (Causey, Cox and Ernst
// have a table of three dimensions without); then a few figures go to a multiple
// further off. It is not unbiased: most go to the nearer one.
//
// Chance is no dice. A draw is a keyed hash of what the figure is (HMAC-SHA-256):
// whoever asks for it again gets the same one, so that no average of many answers
// comes nearer to the truth, and whoever has not the key can't tell how it fell.
// It is the idea of the cell key of the Australian Bureau of Statistics, but of
// the names of a cell in place of keys of the records in it: most of our figures
// come without records. So, other than there, a figure that is the same by its
// nature under two names (all victims, and women, where there are no men) is
// drawn twice.
//
// What is left to an outsider: that the true figure is less than the base away from
// the one that is shown. Of random rounding more can be told, since the true figures
// add up: of counts of persons by five attributes, each with all its totals, nearly
// half could be told exactly with base 3. So Narrow plays the outsider, with linear
// programmes, and finds figures that can be one of less than three numbers; what
// contains such is rounded under control, as near to the draws as sums allow. Of
// controlled figures far less can be told, for they add up themselves; what can is
// counted. Narrow takes the outsider to know the ranges and the sums, and not what
// controlled rounding prefers: who minds that figures move as little as they can
// takes a lone 3 for 2, 3 or 4. Package audit knows only of figures that are hidden.
//
// Sources: L. Willenborg and T. de Waal, Elements of Statistical Disclosure
// Control (Springer 2001), chapter 9; Handbook on Statistical Disclosure Control,
// 2nd ed. (2024), chapter 5. Unbiased rounding: L. H. Cox, "A constructive
// procedure for unbiased controlled rounding", JASA 82 (1987). Controlled rounding
// as a programme in integers, and relaxed where there is no solution: M. Fischetti
// and J. J. Salazar, "Models and algorithms for optimizing cell suppression in
// tabular data with linear constraints", JASA 95 (2000), and "Computational
// experience with the controlled rounding problem in statistical disclosure
// control", Journal of Official Statistics 14 (1998); tables without: B. D.
// Causey, L. H. Cox and L. R. Ernst, "Applications of transportation theory to
// statistical problems", JASA 80 (1985). Cell keys: B. Fraser and J. Wooton, "A
// proposed method for confidentialising tabular output to protect against
// differencing" (UNECE/Eurostat work session, 2005).
package rounding
