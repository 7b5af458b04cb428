// Package rules finds what is odd in a submission after it was read: figures
// given twice, totals that are not the sum of their parts, months that are
// missing, years that jump, States that differ on one route. Each rule is one
// SQL file in rules/, named by the code of the finding that its rows become
// (texts, level and severity in transform/record/findings), and beside it a YAML
// file: how it is checked, in the other languages, and examples of files in which
// it speaks and in which it does not, which the tests run and tipstat explain
// shows. falsealarms.csv tells how often each rule speaks of the published files;
// words.sql holds what the rules share. Rules see the submission's records, in the temporary table work
// the observations made from them, and the store with all that was accepted
// earlier. A figure of an earlier file is named in the text of the finding,
// which can point at cells of its own file only. Rules warn and never change a
// figure; they give figures and codes, never a case row.
package rules
