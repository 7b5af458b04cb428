// Package audit is the attacker: it takes what was published and nothing else,
// and computes for each suppressed or censored cell the interval in which an
// outsider can tell its figure to lie.
//
// It shares no code with the suppressor but the solver (package highs), so that one's
// error is not the other's.
// What it prints are bounds of what was withheld: a report for those who release
// tables, never for publication.
//
// # What an outsider assumes
//
// One statistical cell is one variable, however often it is printed: cells are
// the same by the id of the observation behind them, or by their codes unless
// their figures differ. The constraints on the variables:
//
//   - A printed figure is that figure; a range, "≥" or "<5" is an interval.
//     Nothing is below zero, and counts are whole numbers.
//   - A total is the sum of its parts over SEX, AGE, EXPLOITATION, CITIZENSHIP,
//     ORIGIN, TRANSIT, DESTINATION and sub-national areas, and a year is the sum of
//     its months, quarters or halves. Parts with parents in their code list add up
//     to these. Bands of age or periods add up where they tile what they part, in
//     each way in which they do. Margins that are not printed are variables too.
//   - Where an indicator counts some of the persons of another (Options.Among), no figure
//     of it is more than that of the other; where their totals are the same, and no
//     printed figure speaks against it, each figure of one is that of the other.
//   - What a total of States, a sum or a difference was made of is said by the
//     obs_ids printed with it; a share, a ratio, a change or a rate is an
//     inequality on two cells, as wide as its last printed digit (see Relation).
//
// Published data contradict themselves, so a total is taken for the sum of its
// parts only where the printed figures allow it: Σ lower ≤ total ≤ Σ upper, what
// is not shown being zero. Where parts are missing (women without men, bands with
// a gap) or their sum is too small, Σ parts ≤ total, and what the total has beyond them
// is a figure too, though nobody printed it: where one publication prints total and
// parts, it is a finding if it is known to be 1 to the protection (Report.Beyond). So is
// what a total has beyond any printed figures that count none of its persons twice: girls,
// women and boys of all victims; and who is counted in none of several lines that cross:
// neither women nor adults (remainder.go). Parts that nobody printed are unknowns where they
// join two totals, a quarter as well as a form (absent.go), and where printed parts can be all there are, both are tried:
// that they are, and that they are not. Where the sum of parts is too large, nothing follows.
// What is allowed set by set may still have no solution together. Then
// the least total violation is computed by a linear programme that lets every
// constraint give way at a price (the elastic filter of Chinneck, Feasibility and
// Infeasibility in Optimization, 2008), and each constraint that gives way in any
// solution of that least violation becomes Σ parts ≤ total, or is dropped where parts may
// exceed it: nobody can tell which of them is the wrong one, and what an outsider can tell
// must not hang on which was picked. So where parts are missing, a sum that holds may be given
// up too; what that costs is measured (TestOracle of package disclosure). All
// that was dropped is counted.
//
// The true figures are not known here. Where a total happens to be possible as the
// sum of parts that in truth miss or exceed it, what is inferred is wrong, as it
// would be for an outsider; such a cell fails all the same, unless the caller knows
// better (Report.Excuse).
//
// # The bounds
//
// The constraints fall into components that share no unknown. Interval
// propagation alone gives the exact bounds of a component without cycles (each
// constraint and each unknown a node); in others each bound is the optimum of a
// linear programme, unless a solution already met attains the propagated one.
// Bounds of whole numbers are rounded inward and the component is solved again
// with them, while that helps. An integer programme could be narrower still; for
// tables of two dimensions it is not, since their constraints are totally unimodular.
//
// # Limits
//
// Every suppressed cell needs the width asked for, a large one too: a reader cannot
// tell which was small. Notes and other words are not understood; those
// that hold a figure are listed. What stands in a pack's documents and not in its csv
// is not seen. Persons counted under several forms of exploitation exceed the total,
// which then says nothing of its parts.
//
// # Sources
//
// Handbook on Statistical Disclosure Control, 2nd ed. (2024), chapter 5, on
// protection levels and the audit of suppressed tables; L. Willenborg, T. de Waal,
// Elements of Statistical Disclosure Control (Springer 2001), on feasibility
// intervals; M. Fischetti, J. J. Salazar González, Solving the cell suppression
// problem on tabular data with linear constraints, Management Science 47 (2001),
// on the attacker's two linear programmes of each cell.
package audit
