// Package inbox takes a file in: it hashes it, recognises it, reads it through
// its layout, and stores it whole in one transaction or refuses it with a full
// list of findings. The same bytes are taken in once.
package inbox
