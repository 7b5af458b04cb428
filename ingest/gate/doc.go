// Package gate finds what names a person directly, in any sheet of a file and
// before anything of it is stored, printed or logged: names, numbers of
// documents, telephones, e-mail, street addresses, exact dates of birth.
//
// Look goes once over every cell, of hidden sheets too, and over comments and
// names of sheets. A column is told by its heading, once the cells under it look
// as such cells do ("DNI" over numbers of five digits and more, not over "yes"
// and "no"), or by its contents, whatever the heading says: check digits where a
// document has them, so that a plain count is no identity card. Some contents
// need one cell (an e-mail, "DNI 45678912" in a text), others a share of the
// column's different values, or, in rows about persons and in the form that
// ministries fill in, one name alone. The words, forms and thresholds are data:
// identifiers.yaml; names.csv holds given names and surnames of the Americas.
//
// Names of sheets, of cells and of the file are looked at as well: messages tell
// them.
//
// Where it stands decides too. Rows of one or two cells above and below the
// rows of a table, and what stands beside a word such as "Contact:", are around
// it: a name, telephone, e-mail or address there is an office's and passes,
// unless the file holds rows about persons, or the text calls someone a victim. A document's number and a date of
// birth are nobody's office's: they refuse wherever they stand.
//
// A finding tells sheet, column, kind and how many cells, never what they hold.
// It quotes a heading only if it knows a word of it, since a file without
// headings begins with a person.
//
// Where a word announces a person ("víctima:", "hija de", "Sra.", "alias"), or ages
// stand beside, a name need not be one that we know: what is no name must be known
// instead, by the code lists (countries, demonyms, forms of exploitation) and by the
// lists plain and regions of identifiers.yaml.
//
// What it can't know: a name that no list has, where neither a heading nor a word
// before it announces one; a number without form, check digit or a word that says what
// it is; what is no cell, comment or name: a picture, a page's header, a link behind
// a cell, a drop-down list. And it takes a place of two words that it does not know,
// behind "víctima:", for a person. It is a gate, not an excuse to send names.
package gate
