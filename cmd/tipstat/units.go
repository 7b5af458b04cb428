package main

import (
	"bytes"
	"embed"
	"os"
	"path"
	"path/filepath"
	"strings"
	"text/template"

	"github.com/spf13/cobra"
)

//go:embed systemd
var unitFiles embed.FS

// unitNames are the files that units prints.
var unitNames = []string{"tipstat-run.service", "tipstat-run.timer", "tipstat-schedule.service", "crontab"}

func (a *app) unitsCommand() *cobra.Command {
	return &cobra.Command{
		Use: "units FILE", Short: "A systemd service or timer, or a crontab line, for this workspace", Args: cobra.ExactArgs(1), ValidArgs: unitNames,
		Long: `Prints a file that runs this workspace, with the paths of this program and of the
workspace in it:

  tipstat-run.service       one batch, started by the timer
  tipstat-run.timer         each day at 3:00, and at once if the machine was off then
  tipstat-schedule.service  tipstat schedule --watch, kept running
  crontab                   a line for crontab -e

Take the service and its timer, or the third, or the line, and not two of them: a second
run at the same time ends with exit code 4. Each file says where it belongs and what to
change.`,
		Example: `  tipstat schedule units tipstat-run.service > /etc/systemd/system/tipstat-run.service
  tipstat schedule units tipstat-run.timer > /etc/systemd/system/tipstat-run.timer
  tipstat schedule units crontab`,
		RunE: func(_ *cobra.Command, args []string) error {
			text, err := unitFiles.ReadFile(path.Join("systemd", args[0]))
			if err != nil {
				return usagef("units %s: want one of %s", args[0], choices(unitNames))
			}
			c, err := a.config()
			if err != nil {
				return err
			}
			dir, err := filepath.Abs(c.dir)
			if err != nil {
				return err
			}
			program, err := os.Executable()
			if err != nil {
				return err
			}
			t, err := template.New(args[0]).Funcs(template.FuncMap{"unit": unitQuoted, "shell": shellQuoted}).Parse(string(text))
			if err != nil {
				return err
			}
			var out bytes.Buffer
			if err := t.Execute(&out, map[string]string{"Program": program, "Workspace": dir}); err != nil {
				return err
			}
			_, err = a.out.Write(out.Bytes())
			return err
		},
	}
}

// unitQuoted writes a path as a unit of systemd has it: % begins a specifier there.
func unitQuoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, `%`, `%%`, `$`, `$$`).Replace(s) + `"`
}

// shellQuoted writes a path for the shell of a crontab, where % ends the line.
func shellQuoted(s string) string {
	return `'` + strings.NewReplacer(`'`, `'\''`, `%`, `\%`).Replace(s) + `'`
}
