// Package suppress is the room where it is decided which cells are withheld:
// small ones, those that disclose, and as many others as it takes that nobody
// can work these out. It knows cells and sums, and nothing of tables, States or
// the store.
//
// Secondary suppression is the heuristic of Kelly, Golden and Assad ("Cell
// suppression: disclosure protection for sensitive tabular data", Networks 22,
// 1992), as the Handbook on Statistical Disclosure Control, 2nd edition, chapter
// 4, describes it: for each cell that is not safe yet, a linear programme finds
// the cheapest way to move it up, and down, by as much as it must be uncertain
// while all sums stay what they are; the cells that move with it are withheld
// too. Whoever sees the rest then can't tell the true cells from the moved ones:
// the interval is wide enough by construction. What proves unneeded at the end is
// published again, dearest first.
//
// Whoever is the one person of a cell knows it. Where a sum has nothing withheld but
// such a 1 and one other cell, that person would know the other: as much more is
// withheld as it takes that the other can move while the 1 stands still. What two
// persons or more of a cell could tell together is not looked at, nor a 1 within
// bounds that its reporter told, which is not known here.
//
// A cell that is withheld anyway (the reporter's own censoring) keeps the bounds
// that were told, and what is published must not narrow them to less than a width.
package suppress
