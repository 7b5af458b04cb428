// Package published reads tables back as an outsider has them: from the csv that
// reports write, codes and figures and nothing of the store. What it reads is for
// package audit. tables.yaml says of each table what its cells count and, where a
// figure is made of others, of which; that is what titles and notes tell a reader.
package published
