package batch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// File is a file in the inbox.
type File struct {
	Name string // from the inbox on, with slashes
	Path string
	info fs.FileInfo
}

// Reason says why a file waits for a later run.
type Reason string

const (
	Writing    Reason = "writing"     // its size or time changed while it was looked at
	Temporary  Reason = "temporary"   // its name is that of a file that a program has not finished
	InUse      Reason = "in-use"      // an office program has it open: its lock lies beside it
	NotRegular Reason = "not-regular" // a link, a device, a pipe: not followed, since it leads elsewhere
	Changed    Reason = "changed"     // it changed, or went, while it was read
)

// Waiting is a file that stays in the inbox.
type Waiting struct {
	Name string `json:"name"`
	Why  Reason `json:"why"`
}

// unfinished are endings that programs give to files which they have not finished.
var unfinished = []string{".part", ".partial", ".tmp", ".temp", ".crdownload", ".download", ".filepart", ".swp", ".lock", "~"}

// Unfinished tells by a file's name whether it is hidden, temporary, or the lock that
// an office program lays beside a file that is open.
func Unfinished(name string) bool {
	name = strings.ToLower(path.Base(filepath.ToSlash(name)))
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~") ||
		slices.ContainsFunc(unfinished, func(end string) bool { return strings.HasSuffix(name, end) })
}

// locked gives the name of the file of which another is the lock: ~$name.xlsx of
// Microsoft Office, .~lock.name.ods# of LibreOffice.
func locked(lock string) (name string, ok bool) {
	if name, ok = strings.CutPrefix(lock, "~$"); ok {
		return name, true
	}
	if name, ok = strings.CutPrefix(lock, ".~lock."); ok {
		return strings.TrimSuffix(name, "#"), true
	}
	return "", false
}

// Scan lists the files of the inbox and of the folders in it, oldest first, and those
// that wait. What is hidden and locks are passed over in silence. The error is that of
// a folder which can't be read, the inbox itself too.
func Scan(inbox string) (files []File, waiting []Waiting, err error) {
	inUse := map[string]bool{}
	err = filepath.WalkDir(inbox, func(at string, d fs.DirEntry, err error) error {
		if err != nil {
			if at != inbox && errors.Is(err, fs.ErrNotExist) {
				return nil // it went while we looked
			}
			return err
		}
		if at == inbox {
			return nil
		}
		rel, err := filepath.Rel(inbox, at)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(rel)
		if of, ok := locked(d.Name()); ok && !d.IsDir() {
			inUse[path.Join(path.Dir(name), of)] = true
			return nil
		}
		switch hidden := strings.HasPrefix(d.Name(), "."); {
		case d.IsDir() && hidden:
			return filepath.SkipDir
		case d.IsDir() || hidden:
			return nil
		case Unfinished(d.Name()):
			waiting = append(waiting, Waiting{name, Temporary})
			return nil
		case !d.Type().IsRegular():
			waiting = append(waiting, Waiting{name, NotRegular})
			return nil
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		files = append(files, File{name, at, info})
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("inbox: %w; want a folder that can be read: make it, or name another under inbox in tipstat.yaml", err)
	}
	files = slices.DeleteFunc(files, func(f File) bool {
		if inUse[f.Name] {
			waiting = append(waiting, Waiting{f.Name, InUse})
		}
		return inUse[f.Name]
	})
	slices.SortFunc(files, func(a, b File) int {
		return cmp.Or(a.info.ModTime().Compare(b.info.ModTime()), cmp.Compare(a.Name, b.Name))
	})
	slices.SortFunc(waiting, func(a, b Waiting) int { return cmp.Compare(a.Name, b.Name) })
	return files, waiting, nil
}

// Young are the files that were written less than settle ago, or in what a clock
// that went wrong takes for the future: somebody may still be writing them.
func Young(files []File, now time.Time, settle time.Duration) (young []File) {
	for _, f := range files {
		if age := now.Sub(f.info.ModTime()); settle > 0 && age < settle {
			young = append(young, f)
		}
	}
	return young
}

// Settled waits for settle, if any file is young, and leaves out the young ones that
// changed meanwhile or went. It ends early with the context's error.
func Settled(ctx context.Context, files []File, now time.Time, settle time.Duration) (ready []File, waiting []Waiting, err error) {
	young := Young(files, now, settle)
	if len(young) == 0 {
		return files, nil, nil
	}
	timer := time.NewTimer(settle)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return nil, nil, ctx.Err()
	case <-timer.C:
	}
	for _, f := range files {
		isYoung := slices.ContainsFunc(young, func(y File) bool { return y.Name == f.Name })
		if isYoung && !f.same() {
			waiting = append(waiting, Waiting{f.Name, Writing})
			continue
		}
		ready = append(ready, f)
	}
	return ready, waiting, nil
}

// same tells whether a file is still as it was found: the same one, as long and as
// old.
func (f File) same() bool { return f.sameAt(f.Path) }

func (f File) sameAt(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && os.SameFile(f.info, info) && info.Size() == f.info.Size() && info.ModTime().Equal(f.info.ModTime())
}
