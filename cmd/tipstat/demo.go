package main

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/oas/tipstat/ingest/inbox"
	"github.com/oas/tipstat/reports"
	"github.com/oas/tipstat/reports/table"
	"github.com/oas/tipstat/testdata/samples"
)

// demoTable is the table that the demo prints.
const demoTable = "victims"

// demoMark tells a workspace that the demo made from any other.
const demoMark = ".tipstat-demo"

func (a *app) demoCommand() *cobra.Command {
	return &cobra.Command{
		Use: "demo [DIR]", Short: "All of it on the sample data, in one command", Args: cobra.MaximumNArgs(1),
		Long: `Makes a workspace (default: demo), ingests the sample inputs (invented figures of
several States, in four languages, of all record kinds), harmonises them, prints
one comparative table and says where the rest lies. Running it again takes the
same files in once.`,
		Example: "  tipstat demo\n  tipstat demo /tmp/tip --lang pt",
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			dir := "demo"
			if len(args) > 0 {
				dir = args[0]
			}
			if err := markDemo(dir); err != nil {
				return err
			}
			if _, err := makeWorkspace(cmd.Context(), dir, a.lang); err != nil {
				return err
			}
			a.workspace = dir
			files, err := unpackSamples(dir)
			if err != nil {
				return err
			}
			c, err := a.config()
			if err != nil {
				return err
			}
			if err := a.demoIngest(cmd, c, files); err != nil {
				return err
			}
			return a.demoReports(cmd, c, dir)
		},
	}
}

// markDemo marks a folder as the demo's. A workspace without the mark is
// someone's own: invented figures don't go into it.
func markDemo(dir string) error {
	mark := filepath.Join(dir, demoMark)
	if _, err := os.Stat(mark); err == nil {
		return nil
	}
	if _, err := os.Stat(filepath.Join(dir, configName)); err == nil {
		return usagef("%s is a workspace of yours: the demo's invented figures don't go into it; name another folder", dir)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return os.WriteFile(mark, nil, 0o644)
}

// unpackSamples puts the sample files into the inbox of the workspace and
// their layouts beside its own, and gives the files' names.
func unpackSamples(dir string) ([]string, error) {
	var files []string
	err := fs.WalkDir(samples.Files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := samples.Files.ReadFile(name)
		if err != nil {
			return err
		}
		to := filepath.Join(dir, "inbox", path.Base(name))
		if path.Ext(name) == ".yaml" {
			to = filepath.Join(dir, "layouts", path.Base(name))
		} else {
			files = append(files, to)
		}
		return os.WriteFile(to, b, 0o644)
	})
	return files, err
}

func (a *app) demoIngest(cmd *cobra.Command, c *config, files []string) (err error) {
	in, err := a.inbox(cmd.Context(), c, "demo")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Store.Close()) }()
	receipts := []*inbox.Receipt{}
	for _, f := range files {
		r, err := in.File(cmd.Context(), f, inbox.Options{})
		if err != nil {
			return err
		}
		if receipts = append(receipts, r); !a.asJSON {
			a.receipt(r)
		}
		if r.Outcome == inbox.Refused {
			return errRefused
		}
	}
	if a.asJSON {
		return a.json(receipts)
	}
	return nil
}

// demoReports writes every table as xlsx and csv and prints one.
func (a *app) demoReports(cmd *cobra.Command, c *config, dir string) (err error) {
	specs, err := table.Load(nil)
	if err != nil {
		return err
	}
	out := c.path(c.Out)
	st, p, err := (&tableFlags{}).open(cmd.Context(), a, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	for _, spec := range specs {
		t, err := table.Build(cmd.Context(), st.DB(), spec, p)
		if err != nil {
			return err
		}
		if spec.ID == demoTable && !a.asJSON {
			if err := reports.WriteText(a.out, t); err != nil {
				return err
			}
		}
		if err := writeAll(filepath.Join(out, t.ID+"."+t.Lang), t); err != nil {
			return err
		}
	}
	a.sayf("")
	a.tell("demo_tables", "folder", out)
	a.tell("demo_store", "file", c.path(c.Store))
	a.tell("demo_next")
	a.sayf("  tipstat -w %[1]s status\n  tipstat -w %[1]s report list\n  tipstat -w %[1]s report justice --lang es\n  tipstat -w %[1]s report victims-sex-age --control none   # %[2]s\n  tipstat -w %[1]s trace victims HND,2021", dir, a.word("demo_inside"))
	return nil
}
