// Package portal is the web room of the house: a ministry signs in, takes the form in its
// language, hands files in and sees what became of them, cell by cell, with what to do; the
// statistician sees what all States sent; the administrator invites. Pages are HTML that
// works without scripts, in four languages; their words are the files in texts.
//
// A ministry sees its own State alone: whatever id it asks for, another State's is not
// found. What is written in a file is only ever shown as text. Files come in by package
// upload and through the same gate as the inbox; accounts are package access's.
//
// Every answer carries a Content-Security-Policy that allows our own files alone, forms of
// other sites are refused (net/http's CrossOriginProtection), cookies are SameSite.
package portal
