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

// shared compiles highs.wasm to machine code when the first Solver is made, and
// keeps it. It is not kept on disk for the next process: that would save about
// two seconds and cost 20 MB of machine code that is run as it is found there.
var shared = sync.OnceValues(func() (*compiled, error) {
	var n names
	if err := json.Unmarshal(tableJSON, &n); err != nil {
		return nil, fmt.Errorf("table.json: %w", err)
	}
	// Not the context of whoever came first: the next one needs the code too.
	ctx := context.Background()
	r := wazero.NewRuntime(ctx)
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
