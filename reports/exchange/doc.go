// Package exchange gives what the store holds in the form in which others ask
// for it every year, and lists what they ask for that the store does not have:
// UNODC's GLOTIP data set, and the data structure of the SDG indicators for
// indicator 16.2.2. What a form asks, and in which words, is data (*.yaml).
//
// Figures go through table.Build, so that the same rules hold as for tables:
// only whole years, no two sources blended, none chosen in silence where one
// source says two things. Where a State has several series for a question and
// a year, one of them answers the whole question: the one with the best grade,
// then the one received last (table.Best). What was passed over is told.
package exchange
