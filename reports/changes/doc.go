// Package changes is the room where two packs are held against each other: the
// one that was published (its pack.json and data/*.csv) and the tables as they
// would be published now. It says which figures moved, why, and who sent what
// moved them, as a table like any other (changes.yaml, changes.sql).
//
// It compares what was printed and not what the store was: a figure that moved
// since a rule or tipstat itself changed is named like one that a newer file
// moved. Figures are told apart by codes, so that the two packs may be in two
// languages.
package changes
