package inbox

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// sumsName is the file with digests that sha256sum writes, and tipstat export sdmx.
const sumsName = "SHA256SUMS"

// mostSums is how much of it is read: whoever fills the inbox may have put it there.
const mostSums = 1 << 20

var reSum = regexp.MustCompile(`^([0-9a-fA-F]{64}) [ *](.+)$`)

// SumBeside gives the digest that SHA256SUMS beside a file has of it; empty where there is
// none, or none of it.
func SumBeside(path string) (string, error) {
	f, err := os.Open(filepath.Join(filepath.Dir(path), sumsName))
	if errors.Is(err, fs.ErrNotExist) { // most have none
		return "", nil
	}
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }() // it was read
	lines := bufio.NewScanner(io.LimitReader(f, mostSums))
	for lines.Scan() {
		if g := reSum.FindStringSubmatch(lines.Text()); g != nil && g[2] == filepath.Base(path) {
			return strings.ToLower(g[1]), nil
		}
	}
	return "", lines.Err()
}
