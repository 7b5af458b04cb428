package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/oas/tipstat/transform/store"
)

// Exit codes, as DESIGN.md section 6 gives them.
const (
	exitDone    = 0
	exitFault   = 1 // ours or the machine's
	exitUsage   = 2
	exitRefused = 3
	exitLocked  = 4 // tipstat run: another process is at work in the workspace
)

// errRefused says that findings were printed and something was refused.
var errRefused = errors.New("something was refused: see the findings above")

// lockedError says that another process is at work; its text says which.
type lockedError struct{ error }

func (e lockedError) Unwrap() error { return e.error }

// app is what every command shares.
type app struct {
	in        io.Reader
	out, err  io.Writer
	now       func() time.Time
	asJSON    bool
	workspace string
	lang      string
	asked     bool   // the caller named the language
	committed func() // a test's hook: called between the commit of a file and its move
	started   bool   // the command line was understood; what goes wrong now is no wrong usage
}

// run is the whole program but for the exit.
func run(args []string, in io.Reader, out, errw io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	a := &app{in: in, out: out, err: errw, now: time.Now}
	return a.run(ctx, args)
}

// run runs one command line and gives the exit code.
func (a *app) run(ctx context.Context, args []string) int {
	root := a.root()
	root.SetArgs(args)
	root.SetIn(a.in)
	root.SetOut(a.out)
	root.SetErr(a.err)
	cmd, err := root.ExecuteContextC(ctx)
	if err == nil {
		return exitDone
	}
	if !a.started {
		err = misread(cmd, err)
	}
	code := a.code(err)
	if code == exitUsage {
		a = a.spoken(args)
	}
	fmt.Fprintln(a.err, "tipstat:", a.said(err))
	if code == exitUsage {
		a.tell("try", "command", cmd.CommandPath())
	}
	return code
}

// code is the exit code of a command that failed.
func (a *app) code(err error) int {
	var usage usageError
	switch {
	case errors.Is(err, errRefused):
		return exitRefused
	case errors.As(err, &lockedError{}):
		return exitLocked
	case !a.started || errors.As(err, &usage):
		return exitUsage
	}
	return exitFault
}

// said gives what a failed command ends with: in the language at hand where whoever
// sends files or keeps the workspace can do something about it.
func (a *app) said(err error) string {
	if errors.Is(err, errRefused) { // what went wrong besides is told as it is; an errUnsafe has its own words
		return strings.Replace(err.Error(), errRefused.Error(), a.word("refused_some"), 1)
	}
	switch why := store.Explained(err); {
	case errors.Is(why, store.ErrMemory):
		return a.word("out_of_memory") + "\n" + err.Error()
	case errors.Is(why, store.ErrFull):
		return a.word("disk_full") + "\n" + err.Error()
	case errors.Is(why, store.ErrDenied) && !errors.As(err, new(usageError)):
		return a.word("denied", "folder", folderOf(err)) + "\n" + err.Error()
	case errors.Is(why, store.ErrDamaged):
		return a.word("store_damaged") + "\n" + err.Error()
	}
	var usage usageError
	if errors.As(err, &usage) { // what went wrong besides, such as at the end of the command, is told as it is
		return strings.Replace(err.Error(), usage.Error(), usage.in(a.lang), 1)
	}
	return err.Error()
}

// reNamed finds the file that DuckDB names.
var reNamed = regexp.MustCompile(`"([^"]+)"`)

// folderOf gives the folder of the file that an error is about: of one that is moved, the
// folder that it is in.
func folderOf(err error) string {
	var file *fs.PathError
	var move *os.LinkError
	switch {
	case errors.As(err, &file):
		return filepath.Dir(file.Path)
	case errors.As(err, &move):
		return filepath.Dir(move.Old)
	}
	if m := reNamed.FindStringSubmatch(err.Error()); m != nil {
		return filepath.Dir(m[1])
	}
	return "?"
}

// speaking gives an app that speaks the language of who sent a file, unless the
// caller named one.
func (a *app) speaking(lang string) *app {
	b := *a
	if !a.asked && lang != "" {
		b.lang = lang
	}
	return &b
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "tipstat",
		Short: "Statistics on trafficking in persons, from ministries' spreadsheets to comparable tables",
		Long: `tipstat reads spreadsheets on trafficking in persons as ministries publish them,
harmonises them, and makes tables that say what is comparable and what is not.
Every figure can be traced back to the cell of the file it came from.

Human text goes to stderr, data to stdout. Exit codes: 0 done; 1 a fault of
ours or of the machine; 2 wrong usage; 3 something was refused, see findings;
4 (run alone) another process is at work in the workspace.`,
		Example: `  tipstat demo                      # all of it on the sample data
  tipstat init work && cd work      # a workspace of your own
  tipstat ingest victims_2024.xlsx  # recognised by its content, whole or not at all
  tipstat status                    # what became of every row
  tipstat report victims --lang es  # a comparative table
  tipstat trace victims PER,2024    # the cells behind one figure`,
		SilenceErrors: true, SilenceUsage: true,
		Version: version(),
		PersistentPreRunE: func(*cobra.Command, []string) error {
			a.started = true
			if a.asked = a.lang != ""; !a.asked {
				return nil // the workspace's, or English
			}
			return a.checkLang()
		},
	}
	root.PersistentFlags().BoolVar(&a.asJSON, "json", false, "print JSON on stdout")
	root.PersistentFlags().StringVarP(&a.workspace, "workspace", "w", "", "workspace folder (default: the nearest one from here up)")
	root.PersistentFlags().StringVar(&a.lang, "lang", "", "language of texts: en, es, pt or fr (default: the workspace's)")
	root.AddCommand(a.initCommand(), a.templateCommand(), a.ingestCommand(), a.runCommand(), a.scheduleCommand(), a.statusCommand(), a.historyCommand(), a.revisionsCommand(), a.withdrawCommand(), a.reprocessCommand(), a.traceCommand(),
		a.codesCommand(), a.layoutCommand(), a.inspectCommand(), a.validateCommand(), a.explainCommand(), a.reportCommand(), a.exportCommand(), a.serveCommand(), a.auditCommand(), a.checkCommand(), a.backupCommand(), a.restoreCommand(), a.demoCommand())
	suggest(root, "lang", cobra.FixedCompletions(languages, cobra.ShellCompDirectiveNoFileComp))
	return root
}

// version is the module's, as go build or go install stamped it.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}

// json prints v on stdout.
func (a *app) json(v any) error {
	enc := json.NewEncoder(a.out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// sayf prints a line for people on stderr.
func (a *app) sayf(format string, args ...any) { fmt.Fprintf(a.err, format+"\n", args...) }
