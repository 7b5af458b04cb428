package schedule

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Watch tells when files have come into a folder or the folders in it, once nothing
// more has moved there for as long as quiet. heed says whether what happened to a file
// counts; gone is true where the file is not there any more. The channel is closed
// when the context ends. Folders on a network tell nothing of what others put there.
// The error is that of a folder that can't be watched.
func Watch(ctx context.Context, dir string, quiet time.Duration, heed func(name string, gone bool) bool) (<-chan struct{}, error) {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("watching %s: %w", dir, err)
	}
	if err := addAll(w, dir); err != nil {
		return nil, errors.Join(fmt.Errorf("watching %s: %w", dir, err), w.Close())
	}
	arrived := make(chan struct{}, 1)
	go func() {
		defer close(arrived)
		defer func() { _ = w.Close() }()
		timer := time.NewTimer(quiet)
		timer.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-timer.C:
				select {
				case arrived <- struct{}{}:
				default: // one is waiting to be heard already
				}
			case e, ok := <-w.Events:
				if !ok {
					return
				}
				gone := e.Has(fsnotify.Remove) || e.Has(fsnotify.Rename)
				if info, err := os.Lstat(e.Name); err == nil && info.IsDir() {
					_ = addAll(w, e.Name) // it may be gone again; what lies in it is found when the batch looks
					timer.Reset(quiet)
				} else if heed(e.Name, gone) {
					timer.Reset(quiet)
				}
			case _, ok := <-w.Errors:
				if !ok {
					return
				}
				timer.Reset(quiet) // too much happened to tell it: look
			}
		}
	}()
	return arrived, nil
}

// addAll watches a folder and all in it.
func addAll(w *fsnotify.Watcher, dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			if path != dir && errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			return err
		}
		if !d.IsDir() {
			return nil
		}
		return w.Add(path)
	})
}
