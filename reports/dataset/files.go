package dataset

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash"
	"io"
	"os"
	"path/filepath"
)

// names of what is written.
const (
	PackageName   = "datapackage.json"
	catalogueName = "dcat.jsonld"
	tableName     = "observation"
	csvName       = tableName + ".csv"
	arrowName     = tableName + ".arrow"
	dataFolder    = "data"
	listFolder    = "codelists"
)

// Names are all that may stand in a folder that was written: what else is there is
// somebody's own.
var Names = []string{PackageName, catalogueName, csvName, csvName + "-metadata.json", arrowName, dataFolder, listFolder}

// File is a file that was written.
type File struct {
	Path   string `json:"path"` // from the folder, parted by /
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
	Rows   int64  `json:"rows,omitempty"`

	list         string // of a code list: its id
	record, area string // of a part: what it holds
}

// folder writes files and keeps what they are.
type folder struct {
	dir   string
	files []File
}

// file is one that is being written.
type file struct {
	File
	to  *folder
	f   *os.File
	b   *bufio.Writer
	sum hash.Hash
}

// create begins a file; its close must be called.
func (d *folder) create(name string) (*file, error) {
	full := filepath.Join(d.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		return nil, err
	}
	f, err := os.Create(full)
	if err != nil {
		return nil, err
	}
	out := &file{File: File{Path: name}, to: d, f: f, sum: sha256.New()}
	out.b = bufio.NewWriterSize(io.MultiWriter(f, out.sum), 1<<16)
	return out, nil
}

// Write counts what is written.
func (f *file) Write(b []byte) (int, error) {
	n, err := f.b.Write(b)
	f.Bytes += int64(n)
	return n, err
}

// close ends the file and notes what it is.
func (f *file) close() error {
	err := errors.Join(f.b.Flush(), f.f.Close())
	f.SHA256 = hex.EncodeToString(f.sum.Sum(nil))
	f.to.files = append(f.to.files, f.File)
	return err
}

// json writes a file of JSON for people too: indented, and nothing escaped that need not be.
func (d *folder) json(name string, v any) error {
	f, err := d.create(name)
	if err != nil {
		return err
	}
	out := json.NewEncoder(f)
	out.SetIndent("", "  ")
	out.SetEscapeHTML(false)
	return errors.Join(out.Encode(v), f.close())
}
