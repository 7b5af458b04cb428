package main

import (
	"context"
	"errors"
	"os"
	"strconv"

	"github.com/oas/tipstat/ingest/portal/access"
	"github.com/oas/tipstat/transform/store"
)

// auditCheck is the audit log of the portal, as a fault names what was looked at.
const auditCheck = "audit"

// auditFaults are the texts of what may be wrong with it, by what was found.
var auditFaults = map[string]string{
	string(access.Changed): "fault_audit_changed", string(access.Removed): "fault_audit_removed", string(access.Inserted): "fault_audit_inserted",
	string(access.Rewritten): "fault_audit_rewritten", "unreadable": "fault_audit_unreadable",
}

// portalChecked is what was looked at of the portal's accounts.
type portalChecked struct {
	InUse bool  `json:"in_use"` // a server has them: nothing was looked at
	Rows  int64 `json:"rows"`   // of the audit log that are whole
	Heads int   `json:"heads"`  // kept outside, against which they were held
}

// checkedPortal holds the audit log of the portal against what was kept of it; nil where the
// workspace has none.
func (c *config) checkedPortal(ctx context.Context) (*portalChecked, []store.Fault, error) {
	name := c.path(portalFile)
	if _, err := os.Stat(name); errors.Is(err, os.ErrNotExist) {
		return nil, nil, nil
	}
	heads, err := c.keptHeads()
	if err != nil {
		return nil, nil, err
	}
	last, err := access.VerifyFile(ctx, name, heads...)
	found := &portalChecked{Rows: last.Seq, Heads: len(heads)}
	var fault *access.Fault
	switch {
	case errors.Is(err, access.ErrInUse):
		return &portalChecked{InUse: true}, nil, nil
	case errors.As(err, &fault):
		return found, []store.Fault{{Check: auditCheck, Subject: strconv.FormatInt(fault.Seq, 10), Found: string(fault.Tampering)}}, nil
	case errors.Is(store.Explained(err), store.ErrDamaged):
		return found, []store.Fault{{Check: auditCheck, Subject: err.Error(), Found: "unreadable"}}, nil
	}
	return found, nil, err
}

// tellPortal tells of accounts that are as they must be, or that could not be looked at.
func (a *app) tellPortal(p *portalChecked, faults []store.Fault) {
	switch {
	case p == nil:
	case p.InUse:
		a.tell("check_portal_in_use")
	default:
		for _, f := range faults {
			if f.Check == auditCheck {
				return
			}
		}
		a.tell("check_portal", "seq", p.Rows, "heads", p.Heads)
	}
}
