// Package batch is the way of files through the folders of a workspace: it finds
// those that have come into the inbox, waits for those that are still being
// written, hands each to who takes it in, and puts it into the folder of accepted
// or of refused files, with what is said of it beside it.
//
// A file is moved after the store has committed it, in one step, and never
// copied: a file that names persons has no second copy. A run that was killed
// between both finds the bytes as ingested already, and moves the file then.
// Nothing is ever overwritten: a name that is taken gets a part of the hash.
//
// Files are taken in the order in which they were last written, so that of two
// versions that come together the newer supersedes the older; then by name.
// A folder in the inbox (one for each State, say) is kept in both folders; it says
// nothing of what is in a file. Links are not followed.
package batch
