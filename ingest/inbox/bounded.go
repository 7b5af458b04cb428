package inbox

import (
	"context"
	"errors"
	"fmt"
	"runtime/metrics"
	"time"

	"github.com/oas/tipstat/ingest/sheet"
)

// ReadMemory is how much memory what was read of one file may fill before it is refused,
// beside what DuckDB takes, which store.Settings bound. The limits of ingest/sheet keep
// every file that is known below it; this is for what they do not count. Go's collector may
// leave as much again, so that a file can't take more than 1 GiB.
const ReadMemory = 400 << 20

// lookEvery is how often it is looked at the memory.
const lookEvery = 10 * time.Millisecond

// fullError says that a file fills the memory that it may take, in bytes.
type fullError uint64

func (e fullError) Error() string {
	return fmt.Sprintf("the file fills %d MB of memory", uint64(e)>>20)
}

// bounded gives a context that ends when the time is over or the memory is full. What the
// process held before counts to nobody.
func bounded(ctx context.Context, most time.Duration, memory uint64) (context.Context, func()) {
	ctx, expire := context.WithTimeout(ctx, most)
	ctx, cancel := context.WithCancelCause(ctx)
	before := live()
	go func() {
		tick := time.NewTicker(lookEvery)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				if now := live(); now > before && now-before > memory {
					cancel(fullError(memory))
					return
				}
			}
		}
	}()
	return ctx, func() { cancel(nil); expire() }
}

// live is how many bytes of the heap were in use at the end of the last collection.
func live() uint64 {
	s := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(s)
	if s[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return s[0].Value.Uint64()
}

// tooLarge gives an error as the refusal of a file that fills the memory, if it is one.
func tooLarge(reading context.Context, err error) error {
	var full fullError
	if errors.As(context.Cause(reading), &full) && errors.Is(err, context.Canceled) && !errors.Is(err, errNotUndone) {
		return &sheet.Error{Code: sheet.CodeMemory, Expected: fmt.Sprintf("%d MB", uint64(full)>>20), Err: full}
	}
	return err
}
