package highs

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// instance is one machine with HiGHS in it: its memory and its C functions.
type instance struct {
	exports   map[string]string
	mod       api.Module
	functions map[string]api.Function
	dead      error // why it can do no more
}

func instantiate(ctx context.Context) (*instance, error) {
	c, err := shared()
	if err != nil {
		return nil, fmt.Errorf("highs: %w", err)
	}
	// Without a name, so that there can be many.
	mod, err := c.runtime.InstantiateModule(ctx, c.module, wazero.NewModuleConfig().WithName(""))
	if err != nil {
		return nil, fmt.Errorf("highs: %w", err)
	}
	in := &instance{exports: c.names.Exports, mod: mod, functions: map[string]api.Function{}}
	if _, err := in.call(ctx, "__wasm_call_ctors"); err != nil {
		return nil, errors.Join(err, mod.Close(ctx))
	}
	return in, nil
}

// call calls a C function and returns what it returns, 0 if that is nothing. An
// error is one of the machine, not what HiGHS returns: a C++ exception, an abort,
// a trap, the end of the context. The machine is then stopped in the middle of
// something, and each later call returns the same error.
func (in *instance) call(ctx context.Context, name string, args ...uint64) (uint64, error) {
	if in.dead != nil {
		return 0, in.dead
	}
	f, ok := in.functions[name]
	if !ok {
		if f = in.mod.ExportedFunction(in.exports[name]); f == nil {
			return 0, fmt.Errorf("highs.wasm has no %s", name)
		}
		in.functions[name] = f
	}
	res, err := f.Call(ctx, args...)
	if err != nil {
		in.dead = fmt.Errorf("highs: %s: %w", name, reason(ctx, err))
		return 0, in.dead
	}
	if len(res) == 0 {
		return 0, nil
	}
	return res[0], nil
}

// reason makes of wazero's error, which has a stack trace, one to be read.
func reason(ctx context.Context, err error) error {
	var stop stopped
	switch {
	case ctx.Err() != nil && errors.Is(err, ctx.Err()): // of now
		return ctx.Err()
	case errors.As(err, &stop):
		return stop
	}
	return err
}

// alloc returns the address of size bytes of the machine's memory.
func (in *instance) alloc(ctx context.Context, size int) (uint64, error) {
	if size > maxHeap {
		return 0, fmt.Errorf("highs: %d bytes are more than its memory", size)
	}
	at, err := in.call(ctx, "malloc", uint64(max(size, 1)))
	if err == nil && uint32(at) == 0 {
		err = fmt.Errorf("highs: no %d bytes left in its memory", size)
	}
	return at, err
}

func (in *instance) free(ctx context.Context, at uint64) error {
	_, err := in.call(ctx, "free", at)
	return err
}

// with calls f with the address of a copy of b in the machine's memory, which is
// freed afterwards.
func (in *instance) with(ctx context.Context, b []byte, f func(at uint64) error) error {
	at, err := in.alloc(ctx, len(b))
	if err != nil {
		return err
	}
	if err := in.write(at, b); err != nil {
		return err
	}
	err = f(at)
	if freed := in.free(ctx, at); err == nil {
		err = freed
	}
	return err
}

func (in *instance) write(at uint64, b []byte) error {
	if !in.mod.Memory().Write(uint32(at), b) {
		return fmt.Errorf("highs: address %d+%d is outside its memory", at, len(b))
	}
	return nil
}

// floats reads n numbers at an address.
func (in *instance) floats(at uint64, n int) ([]float64, error) {
	b, ok := in.mod.Memory().Read(uint32(at), uint32(8*n))
	if !ok {
		return nil, fmt.Errorf("highs: address %d+%d is outside its memory", at, 8*n)
	}
	x := make([]float64, n)
	for i := range x {
		x[i] = math.Float64frombits(binary.LittleEndian.Uint64(b[8*i:]))
	}
	return x, nil
}

func appendFloat(b []byte, x float64) []byte {
	return binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
}

func appendInt(b []byte, i int) []byte {
	return binary.LittleEndian.AppendUint32(b, uint32(int32(i)))
}
