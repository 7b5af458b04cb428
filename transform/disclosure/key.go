package disclosure

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/oas/tipstat/transform/disclosure/rounding"
)

// KeyFile is the name of the file with a workspace's secret, from which the draws
// of rounding are made. Whoever has it can tell of rounded figures more than they
// show; with another one figures are rounded anew, and who has both answers comes
// nearer to the truth. So it is made once, only its owner may read it, and it is
// kept with the store, and in no pack.
const KeyFile = "disclosure.key"

// LoadKey reads the secret of a workspace, and makes it where there is none yet.
func LoadKey(dir string) (rounding.Key, error) {
	name := filepath.Join(dir, KeyFile)
	b, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		if err := makeKey(name); err != nil {
			return nil, fmt.Errorf("no secret for rounding can be made: %w; whoever rounds figures must be able to write to the workspace, once", err)
		}
		b, err = os.ReadFile(name)
	}
	if err != nil {
		return nil, err
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(b)))
	if err != nil {
		return nil, fmt.Errorf("%s: want %d hex digits: put back the file as it was made; with another one figures are rounded anew", name, 2*rounding.KeySize)
	}
	if err := rounding.Key(key).Check(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return key, nil
}

// makeKey makes it whole or not at all. If another process was first, its own is
// left.
func makeKey(name string) (err error) {
	key := make([]byte, rounding.KeySize)
	if _, err := rand.Read(key); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".key-*") // only its owner may read it
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Remove(f.Name())) }()
	_, err = f.WriteString(hex.EncodeToString(key) + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err = os.Link(f.Name(), name); errors.Is(err, fs.ErrExist) {
		return nil
	}
	return err
}
