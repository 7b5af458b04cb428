package highs

import (
	"bytes"
	"context"
	"fmt"

	"github.com/tetratelabs/wazero/api"
)

// The errno numbers of Emscripten's C library, which are WASI's.
const (
	eBADF   = 8
	eINVAL  = 28
	eNOENT  = 44
	eNOTTY  = 59
	maxHeap = 2 << 30 // the most that highs.wasm says it can have
)

// clock is the time that HiGHS reads, in milliseconds, at every moment: what it
// finds must not depend on how fast the machine is. So HiGHS's own time limits
// never strike; a context's do. It is not 0, which HiGHS takes for "not started".
const clock = 1e6

// now is the clock, and where a solve ends when its context is done: HiGHS looks at
// the clock many times a second, to see whether its time is up. wazero could see to
// it at each turn of each loop, but then HiGHS takes twice as long.
func now(ctx context.Context) float64 {
	if err := ctx.Err(); err != nil {
		panic(err)
	}
	return clock
}

// stopped is what the host panics with where C++ would end the process: wazero
// hands it to the caller of the function as an error.
type stopped struct{ why string }

func (s stopped) Error() string { return "HiGHS stopped: " + s.why }

// imports are the C functions that highs.wasm needs of its host, by name: a
// machine with no files, no environment, and a clock that stands still.
var imports = map[string]any{
	"__cxa_throw": func(_ context.Context, m api.Module, _, typeInfo, _ uint32) {
		panic(stopped{"C++ exception " + typeName(m.Memory(), typeInfo)})
	},
	"_abort_js": func() { panic(stopped{"abort"}) },
	"exit":      func(code uint32) { panic(stopped{fmt.Sprintf("exit %d", code)}) },
	"proc_exit": func(code uint32) { panic(stopped{fmt.Sprintf("exit %d", code)}) },

	"emscripten_get_now":  now,
	"emscripten_date_now": now,
	"clock_time_get": func(ctx context.Context, m api.Module, _ uint32, _ uint64, at uint32) uint32 {
		if !m.Memory().WriteUint64Le(at, uint64(now(ctx)*1e6)) { // in ns
			return eINVAL
		}
		return 0
	},
	"_tzset_js":                           func(_, _, _, _ uint32) {}, // the variables start as 0, UTC
	"_setitimer_js":                       func(uint32, float64) uint32 { return 0 },
	"_emscripten_runtime_keepalive_clear": func() {},

	"emscripten_resize_heap": resizeHeap,

	"environ_sizes_get": func(_ context.Context, m api.Module, count, size uint32) uint32 {
		if !m.Memory().WriteUint32Le(count, 0) || !m.Memory().WriteUint32Le(size, 0) {
			return eINVAL
		}
		return 0
	},
	"environ_get": func(_, _ uint32) uint32 { return 0 },

	"__syscall_openat":  func(_, _, _, _ uint32) int32 { return -eNOENT },
	"__syscall_fcntl64": func(_, _, _ uint32) int32 { return -eBADF },
	"__syscall_ioctl":   func(_, _, _ uint32) int32 { return -eNOTTY },
	"fd_close":          func(uint32) uint32 { return eBADF },
	"fd_read":           func(_, _, _, _ uint32) uint32 { return eBADF },
	"fd_seek":           func(_ uint32, _ uint64, _, _ uint32) uint32 { return eBADF },
	"fd_write":          discard,
}

// resizeHeap makes memory at least size bytes, and a fifth more than it was, so
// that a model that grows bit by bit is not moved each time. 0: it cannot.
func resizeHeap(_ context.Context, m api.Module, size uint32) uint32 {
	const page = 65536
	old := uint64(m.Memory().Size())
	if uint64(size) > maxHeap {
		return 0
	}
	for _, want := range []uint64{min(max(uint64(size), old+old/5), maxHeap), uint64(size)} {
		if want <= old {
			return 1
		}
		if _, ok := m.Memory().Grow(uint32((want - old + page - 1) / page)); ok {
			return 1
		}
	}
	return 0
}

// discard is fd_write: all is written, to nowhere. HiGHS's log is off.
func discard(_ context.Context, m api.Module, _, iovs, count, written uint32) uint32 {
	total := uint32(0)
	for i := range count {
		n, ok := m.Memory().ReadUint32Le(iovs + 8*i + 4)
		if !ok {
			return eINVAL
		}
		total += n
	}
	if !m.Memory().WriteUint32Le(written, total) {
		return eINVAL
	}
	return 0
}

// typeName reads the mangled name of a C++ type, such as St9bad_alloc, which
// says that memory is full.
func typeName(m api.Memory, typeInfo uint32) string {
	at, _ := m.ReadUint32Le(typeInfo + 4)
	for n := uint32(256); n > 0; n /= 2 { // shorter where memory ends
		if b, ok := m.Read(at, n); ok {
			name, _, _ := bytes.Cut(b, []byte{0})
			return string(name)
		}
	}
	return "of unknown type"
}
