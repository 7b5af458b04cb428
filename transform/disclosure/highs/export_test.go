package highs

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// Call calls a C function with the HiGHS of s first.
func (s *Solver) Call(ctx context.Context, name string, args ...uint64) error {
	return s.do(ctx, name, args...)
}

// Memory is the size of the machine's memory, in bytes.
func (s *Solver) Memory() uint32 { return s.in.mod.Memory().Size() }

// Vendored returns the sha256 of highs.wasm and the one in table.json, and the
// version of HiGHS by itself and that of the npm package, major and minor.
func (s *Solver) Vendored(ctx context.Context) (sum, want, version, wantVersion string, err error) {
	c, err := shared()
	if err != nil {
		return
	}
	b := sha256.Sum256(wasm)
	major, err := s.in.call(ctx, "Highs_versionMajor")
	if err != nil {
		return
	}
	minor, err := s.in.call(ctx, "Highs_versionMinor")
	wantVersion = c.names.Version[:strings.LastIndex(c.names.Version, ".")]
	return hex.EncodeToString(b[:]), c.names.SHA256, fmt.Sprintf("%d.%d", major, minor), wantVersion, err
}
