package main

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// TestHelpTeaches asks every command for a sentence about itself and for
// examples that are calls of that command, with flags that exist.
func TestHelpTeaches(t *testing.T) {
	a := &app{out: &bytes.Buffer{}, err: &bytes.Buffer{}}
	commands := 0
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		commands++
		path := c.CommandPath()
		if c.Short == "" || strings.HasSuffix(c.Short, ".") {
			t.Errorf("%s: Short %q", path, c.Short)
		}
		if !c.HasSubCommands() && !strings.Contains(c.Example, path) {
			t.Errorf("%s: no example that calls it: %q", path, c.Example)
		}
		for _, line := range strings.Split(c.Example, "\n") {
			if !strings.HasPrefix(line, "  tipstat ") {
				t.Errorf("%s: example %q does not begin with tipstat", path, line)
				continue
			}
			call, _, _ := strings.Cut(line, "#")
			for _, end := range []string{"&&", "<", ">"} {
				call, _, _ = strings.Cut(call, end)
			}
			args := strings.Fields(strings.ReplaceAll(call, `"`, ""))[1:]
			found, rest, err := c.Root().Find(args)
			if err != nil || found != c && !c.HasSubCommands() {
				t.Errorf("%s: example %q calls %v, %v", path, line, found.CommandPath(), err)
				continue
			}
			if err := found.ParseFlags(rest); err != nil {
				t.Errorf("%s: example %q: %v", path, line, err)
			}
		}
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(a.root())
	if commands < 14 {
		t.Errorf("only %d commands", commands)
	}
}

// TestHelp prints the help of every command.
func TestHelp(t *testing.T) {
	var paths [][]string
	var walk func(*cobra.Command, []string)
	walk = func(c *cobra.Command, path []string) {
		paths = append(paths, path)
		for _, sub := range c.Commands() {
			walk(sub, append(append([]string{}, path...), sub.Name()))
		}
	}
	walk((&app{out: &bytes.Buffer{}, err: &bytes.Buffer{}}).root(), nil)
	for _, path := range paths {
		var out, errw bytes.Buffer
		code := at(now, nil, &out, &errw).run(context.Background(), append(path, "--help"))
		for _, want := range []string{"Usage:\n", "Examples:\n  tipstat ", "--lang"} {
			if code != exitDone || errw.Len() > 0 || !strings.Contains(out.String(), want) {
				t.Errorf("tipstat %v --help: exit code %d, no %q in\n%s%s", path, code, want, out.String(), errw.String())
			}
		}
	}
}
