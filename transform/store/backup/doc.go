// Package backup writes what a workspace can't make again into one file, and makes a
// workspace of it: the store as one submission or another left it, the accepted files, and
// the files beside them that the caller names.
//
// The file is a gzipped tar whose last entry, backup.json, tells of each file its length and
// SHA-256, and the digest of the store's rows (store.Checked): a file that was cut short has
// none, and one that was changed does not agree with it. It holds what the workspace holds,
// rows about persons reduced to codes and the workspace's secret among it: keep it as the
// workspace is kept.
package backup
