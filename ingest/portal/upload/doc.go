// Package upload is the desk where ministries hand files in over the web. A file is
// streamed to the disk under limits, and then lies in the inbox of the workspace like
// any other, in a folder of its own, REF_AREA/upload-…/NAME: tipstat run, or the server
// itself, takes it in through the same gate. What became of it is read from the papers
// that are laid beside it; the desk decides nothing.
//
// An upload is entered in the ledger (a JSON file for each) once all of its bytes are on
// the disk, and moved into the inbox after that, in one step. A connection that drops
// leaves nothing; a server that is killed in between finishes at its next start
// ([Desk.Recover]). So a receipt never tells of a file that is not there.
//
// The folder says which State sent the file. It must report for no other: who takes it
// in holds the figures against [SentBy].
package upload
