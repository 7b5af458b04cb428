package upload

import (
	"time"

	"github.com/oas/tipstat/ingest/sheet"
)

func (d *Desk) limits() Limits {
	l := d.Limits
	set := func(v *int, to int) {
		if *v == 0 {
			*v = to
		}
	}
	set(&l.DayFiles, defaults.DayFiles)
	set(&l.Waiting, defaults.Waiting)
	set(&l.Open, defaults.Open)
	if l.FileBytes == 0 {
		l.FileBytes = defaults.FileBytes
	}
	l.FileBytes = min(l.FileBytes, sheet.MaxFileBytes)
	if l.DayBytes == 0 {
		l.DayBytes = defaults.DayBytes
	}
	return l
}

// enter counts an upload under way.
func (d *Desk) enter(refArea string, l Limits) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.open[refArea] >= l.Open {
		return ErrBusy
	}
	if err := d.within(refArea, l, d.open[refArea]); err != nil {
		return err
	}
	if d.open == nil {
		d.open = map[string]int{}
	}
	d.open[refArea]++
	return nil
}

// leave counts one less; the caller holds the lock.
func (d *Desk) leave(refArea string) {
	if d.open[refArea]--; d.open[refArea] == 0 {
		delete(d.open, refArea)
	}
}

// within holds what a State has sent, and the files that are under way, against its limits.
// Their bytes are not known yet: see enterLedger.
func (d *Desk) within(refArea string, l Limits, open int) error {
	files, bytes, waiting, err := d.sent(refArea)
	switch {
	case err != nil:
		return err
	case waiting+open >= l.Waiting:
		return ErrWaiting
	case files+open >= l.DayFiles, bytes >= l.DayBytes:
		return ErrQuota
	}
	return nil
}

// sent counts what a State has sent in 24 hours, and its files that wait to be read.
func (d *Desk) sent(refArea string) (files int, bytes int64, waiting int, err error) {
	all, err := d.List(refArea)
	if err != nil {
		return 0, 0, 0, err
	}
	since := d.Now().Add(-24 * time.Hour)
	for _, u := range all {
		if u.ReceivedAt.After(since) {
			files++
			bytes += u.Bytes
		}
		if waits, err := d.waits(u); err != nil {
			return 0, 0, 0, err
		} else if waits {
			waiting++
		}
	}
	return files, bytes, waiting, nil
}
