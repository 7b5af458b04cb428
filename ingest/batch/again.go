package batch

import (
	"os"
	"path"
	"path/filepath"
)

// Again puts a refused file back into the inbox, in one step, so that the next run reads it
// once more: after a spelling or a layout was added, say. name is from the folder of refused
// files on, with slashes. Its papers stay where they are, since they tell of the reading that
// they are of; if it is refused once more they are written anew. fs.ErrExist where the inbox
// has a file of that name, fs.ErrNotExist where the file is no longer among the refused ones.
func Again(refused, inbox, name string) error {
	to := filepath.Join(inbox, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Join(inbox, filepath.FromSlash(path.Dir(name))), 0o700); err != nil {
		return err
	}
	return rename(filepath.Join(refused, filepath.FromSlash(name)), to)
}
