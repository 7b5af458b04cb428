// Package rules finds what is odd in a submission after it was read: figures
// given twice, totals that are not the sum of their parts, months that are
// missing. Each rule is one SQL file in rules/, named by the code of the
// finding that its rows become (texts in transform/record/findings). Rules see
// the submission's records and, in the temporary table work, the observations
// made from them; they warn and never change a figure.
package rules
