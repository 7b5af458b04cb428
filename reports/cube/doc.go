// Package cube gives a table the form of a cube, as PX (PC-Axis) and JSON-stat
// files hold it: every figure stands at one category of each dimension.
//
// The dimensions are the State, the series, what else names a row, the levels
// of the columns, and the figure itself: its value, its lower and its upper
// bound, so that a range such as 0–4 stays a range. Source, counting unit and
// kind of victim are one dimension, the series: as dimensions of their own they
// would make a cube of nearly nothing but empty cells. Rows that a table tells
// apart by a word alone are series of their own, so that no two cells share a
// key.
//
// A true zero is the number 0. The other kinds of nothing are symbols, each
// with its own. The number of States in a total goes with the total as a note,
// since it is no figure of the same kind.
//
// A file that holds several languages needs the table in each of them, built
// from one store: Make checks that they agree figure by figure.
package cube
