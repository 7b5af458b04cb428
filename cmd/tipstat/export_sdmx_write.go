package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/oas/tipstat/reports/sdmx"
)

// sdmxReplaceable refuses a folder with anything but an older export in it.
func sdmxReplaceable(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return notDangling("--output", dir)
	}
	if err != nil {
		return usagef("--output %s: %w; want the name of a folder", dir, err)
	}
	var names []string
	for _, v := range sdmxVersions {
		names = append(names, fileNames(sdmx.Files(sdmx.Version(v)))...)
	}
	names = append(names, sumsName)
	return othersIn(dir, entries, func(name string) bool { return slices.Contains(names, name) && isSDMX(filepath.Join(dir, name)) })
}

// isSDMX tells whether a file begins as one of an export of ours does: its name is a common
// one, and other agencies' messages have it too.
func isSDMX(name string) bool {
	f, err := os.Open(name)
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }() // it was read
	head := make([]byte, 4096)
	n, _ := io.ReadFull(f, head) // a shorter one is looked at as far as it goes
	text := string(head[:n])
	if line, rest, _ := strings.Cut(text, "\n"); strings.HasPrefix(line, "STRUCTURE,") || strings.HasPrefix(line, "DATAFLOW,") {
		return rest == "" || strings.Contains(rest, "OAS:TIP") // of nothing that changed there is the heading alone
	}
	return strings.Contains(text, "sdmx") && reOwner.MatchString(text) || reSums.MatchString(text)
}

// reOwner finds the agency that maintains our structures, in XML and JSON.
var reOwner = regexp.MustCompile(`"OAS"|OAS:[A-Z]`)

// sumsName is the file with the digests of the others, as sha256sum writes them and checks
// them (sha256sum -c). A data.csv that is cut at the end of a line says nothing of it
// itself, and SDMX-CSV has no place for a count; beside it a digest disturbs no receiver.
const sumsName = "SHA256SUMS"

var reSums = regexp.MustCompile(`^(?:[0-9a-f]{64}  [a-z]+\.[a-z]+\n)+$`)

// writeSDMX writes the files of an export into a new folder, and their digests.
func writeSDMX(ctx context.Context, e *sdmx.Export, dir string, files []sdmx.File) error {
	sums := map[string]string{}
	put := func(name string, write func(io.Writer) error) error {
		out, err := os.OpenFile(filepath.Join(dir, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if err != nil {
			return err
		}
		h := sha256.New()
		err = errors.Join(write(io.MultiWriter(out, h)), out.Close())
		sums[name] = hex.EncodeToString(h.Sum(nil))
		return err
	}
	for _, f := range files {
		if err := put(f.Name, func(w io.Writer) error { return f.Write(e, ctx, w) }); err != nil {
			return err
		}
	}
	var list strings.Builder
	for _, name := range slices.Sorted(maps.Keys(sums)) {
		fmt.Fprintf(&list, "%s  %s\n", sums[name], name)
	}
	return put(sumsName, func(w io.Writer) error {
		_, err := io.WriteString(w, list.String())
		return err
	})
}
