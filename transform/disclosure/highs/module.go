package highs

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/tetratelabs/wazero"
)

//go:embed highs.wasm
var wasm []byte

//go:embed table.json
var tableJSON []byte

// names is table.json: what vendor.mjs found in the npm package.
type names struct {
	Version string            `json:"version"`
	SHA256  string            `json:"sha256"`  // of highs.wasm, in hex
	Imports map[string]string `json:"imports"` // name in highs.wasm to C name
	Exports map[string]string `json:"exports"` // C name to name in highs.wasm
}

// compiled is what all Solvers of a process share.
type compiled struct {
	runtime wazero.Runtime
	module  wazero.CompiledModule
	names   names
}

// kept is where machine code is kept for the next process: see KeepMachineCode.
var kept string

// KeepMachineCode has the machine code of HiGHS, 20 MB, kept in a folder, so that later
// processes need some 0.1 s for the first Solver in place of two. They run what they find
// there: the folder must be written by nobody else. It is for tests, which start hundreds
// of processes, and is to be called before the first Solver is made.
func KeepMachineCode(dir string) { kept = dir }

// shared compiles highs.wasm to machine code when the first Solver is made, and
// keeps it.
var shared = sync.OnceValues(func() (*compiled, error) {
	var n names
	if err := json.Unmarshal(tableJSON, &n); err != nil {
		return nil, fmt.Errorf("table.json: %w", err)
	}
	// Not the context of whoever came first: the next one needs the code too.
	ctx := context.Background()
	config := wazero.NewRuntimeConfig()
	if kept != "" {
		cache, err := wazero.NewCompilationCacheWithDir(kept)
		if err != nil {
			return nil, err
		}
		config = config.WithCompilationCache(cache)
	}
	r := wazero.NewRuntimeWithConfig(ctx, config)
	host := r.NewHostModuleBuilder("a")
	for name, c := range n.Imports {
		f, ok := imports[c]
		if !ok {
			return nil, fmt.Errorf("highs.wasm imports %s, which host.go lacks", c)
		}
		host.NewFunctionBuilder().WithFunc(f).Export(name)
	}
	if _, err := host.Instantiate(ctx); err != nil {
		return nil, err
	}
	m, err := r.CompileModule(ctx, wasm)
	if err != nil {
		return nil, err
	}
	return &compiled{r, m, n}, nil
})
