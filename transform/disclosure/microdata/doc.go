// Package microdata is the room where case rows are made fit for publication:
// rows out of the store, reduced to the columns that the policy names, and
// generalised until every combination of codes that is published stands there k
// times or more. It decides what is withheld; cmd writes it to a file.
//
// k-anonymity is Samarati's and Sweeney's: P. Samarati, "Protecting respondents'
// identities in microdata release", IEEE Transactions on Knowledge and Data
// Engineering 13 (6), 2001, 1010–1027; L. Sweeney, "k-anonymity: a model for
// protecting privacy", International Journal of Uncertainty, Fuzziness and
// Knowledge-Based Systems 10 (5), 2002, 557–570. The Counter-Trafficking Data
// Collaborative (CTDC) publishes case rows with k = 11: its glossary says that it
// "redacts cases falling into sets with fewer than k members", sets of the same
// codes in all columns; of nearly 80,000 rows some 47,000 were left
// (https://www.ctdatacollaborative.org/glossary and /global-dataset).
//
// # Method
//
// Rows are generalised instead of dropped, each by itself (local recoding). All
// ways to generalise, a level of its hierarchy for each column, are Samarati's
// lattice. It is walked from what loses least to what loses most; rows that are
// the same k times under a way are published and done, the others go on. So ARX
// recodes locally too, pass after pass over what is not published yet (F. Prasser,
// J. Eicher, H. Spengler, R. Bild, K. A. Kuhn, "Flexible data anonymization using
// ARX", Software: Practice and Experience 50, 2020, 1277–1304). The first way is
// to generalise nothing: what CTDC would publish is published here as it is.
// What is left at the end, fewer than k rows, joins the group that loses least by
// it. No row is dropped, but where there are fewer than k of one unit in all.
//
// Held against it on invented rows (rival_test.go): Mondrian with hierarchies (K.
// LeFevre, D. DeWitt, R. Ramakrishnan, ICDE 2006) loses 1.15 to 1.7 times as much,
// top-down recoding with a pool for what is rare (after Y. He, J. Naughton, PVLDB
// 2, 2009, 934–945) 1.1 to 1.25 times. Against the complete search in tiny inputs
// it loses 3% more (anonymise_test.go). To fill a small group up with rows that a
// large one can spare lost more than it saved, and would let an outsider tell who
// is in it by elimination. Of Go modules none fits: github.com/CGI-FR/SIGO takes
// numbers alone; github.com/gar-r/k-anon can't be had from the module proxy.
//
// # What a value that was withheld tells
//
// In each column a group is published with the lowest code that holds those of
// all its rows. So a code that is coarser than reported, and the sign c of what is
// withheld altogether, stands in a group in which two codes or more are hidden
// behind it, and the rows of the group are the same in all other columns:
// nothing beside it tells which is which, neither another column that depends on
// it (a source that works in one State alone) nor the knowledge of this method.
// Unknown as reported (_U) is a code as any other, and is not merged with c. To
// merge them would tell a little less; but each c is safe without that, and a
// reader could no longer tell what the authority did not know from what we
// withhold.
//
// Rows are chosen by State and year after all of them were generalised, by what
// is published: what is withheld does not depend on what is asked, and two files
// of one day can't be played against each other. Two files with another k, other
// columns, or of another day can.
//
// # What it does not do
//
// k-anonymity says nothing of a group whose rows share one sensitive code. Those
// are counted in the report ([Alike]; l-diversity with l = 1, A. Machanavajjhala
// and others, ACM Transactions on Knowledge Discovery from Data 1 (1), 2007), not
// prevented: most victims that most States detect share one form of
// exploitation. A person in two rows counts twice. Tables that were published
// from the same rows are not taken into account: how many rows a State has here
// may be what a table withholds.
package microdata
