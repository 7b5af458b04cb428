package main

import (
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/oas/tipstat/transform/disclosure"
	"github.com/oas/tipstat/transform/record"
)

//go:embed usage.yaml
var usageYAML []byte

// usageTexts are the formats of usagef in the languages, by the English one. They are
// filled in by fmt: the catalogue of golang.org/x/text/message knows no %w, and would
// part the digits of a year.
var usageTexts = sync.OnceValues(func() (map[string]map[string]string, error) {
	var list []map[string]string
	if err := yaml.UnmarshalWithOptions(usageYAML, &list, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("usage.yaml: %w", err)
	}
	m := map[string]map[string]string{}
	for _, texts := range list {
		m[texts["en"]] = texts
	}
	return m, nil
})

// usageError is a fault of the command line. Its text is English, as an error's is; what
// it was made of is kept, since only where it is told the language is known.
type usageError struct {
	err    error
	format string // of usage.yaml; empty where err has the words of another package
	args   []any
}

func (e usageError) Error() string { return e.err.Error() }
func (e usageError) Unwrap() error { return e.err }

func usagef(format string, args ...any) error {
	return usageError{fmt.Errorf(format, args...), format, args}
}

// in is the error in a language.
func (e usageError) in(lang string) string {
	all, _ := usageTexts() // a test reads them
	if bad := (*disclosure.PolicyError)(nil); e.format == "" && errors.As(e.err, &bad) {
		if format, ok := all[bad.Format][lang]; ok {
			return strings.Replace(e.Error(), bad.Error(), disclosure.PolicyFile+": "+fmt.Sprintf(format, bad.Args...), 1)
		}
	}
	format, ok := all[e.format][lang]
	if !ok {
		return e.Error()
	}
	args := slices.Clone(e.args)
	for i, arg := range args {
		if words, ok := arg.(interface{ in(lang string) string }); ok {
			args[i] = words.in(lang)
		}
	}
	return fmt.Errorf(format, args...).Error()
}

// choices is what there is to choose from: a, b or c.
type choices []string

func (c choices) String() string { return c.in("en") }

func (c choices) in(lang string) string {
	last := len(c) - 1
	if last < 1 {
		return strings.Join(c, "")
	}
	or := "or"
	if strings.HasPrefix(strings.ToLower(c[last]), "o") {
		or = "or_before_o" // in Spanish another word
	}
	return strings.Join(c[:last], ", ") + word(lang, or) + c[last]
}

// meant is what may have been meant, for the end of a clause; nothing, if nothing is near.
type meant []string

func (m meant) String() string { return m.in("en") }

func (m meant) in(lang string) string {
	if len(m) == 0 {
		return ""
	}
	return word(lang, "meant", "list", choices(m).in(lang))
}

// misread gives what cobra and pflag say of a command line as an error of ours, which can
// be told in the languages. Cobra's have no types: they are known by their text.
func misread(cmd *cobra.Command, err error) error {
	var (
		unknown *pflag.NotExistError
		bare    *pflag.ValueRequiredError
		invalid *pflag.InvalidValueError
		syntax  *pflag.InvalidSyntaxError
	)
	switch {
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() != "":
		return usagef("unknown shorthand flag: %q in -%s", rune(unknown.GetSpecifiedName()[0]), unknown.GetSpecifiedShortnames())
	case errors.As(err, &unknown):
		return usagef("unknown flag: --%s", unknown.GetSpecifiedName())
	case errors.As(err, &bare) && bare.GetSpecifiedShortnames() != "":
		return usagef("flag needs an argument: %q in -%s", rune(bare.GetSpecifiedName()[0]), bare.GetSpecifiedShortnames())
	case errors.As(err, &bare):
		return usagef("flag needs an argument: --%s", bare.GetSpecifiedName())
	case errors.As(err, &invalid):
		return notValue(invalid.GetFlag(), invalid.GetValue(), invalid.Unwrap())
	case errors.As(err, &syntax):
		return usagef("bad flag syntax: %s", syntax.GetSpecifiedFlag())
	}
	said := func(format string, into ...any) bool {
		_, bad := fmt.Sscanf(err.Error(), format, into...)
		return bad == nil
	}
	var name string
	var want, have int
	switch {
	case said("unknown command %q", &name):
		cmd.SuggestionsMinimumDistance = 2 // as cobra has it where it suggests by itself
		return usagef("unknown command %q for %q%s", name, cmd.CommandPath(), meant(cmd.SuggestionsFor(name)))
	case said("requires at least %d arg(s), only received %d", &want, &have):
		return usagef("requires at least %d arg(s), only received %d", want, have)
	case said("accepts at most %d arg(s), received %d", &want, &have):
		return usagef("accepts at most %d arg(s), received %d", want, have)
	case said("accepts %d arg(s), received %d", &want, &have):
		return usagef("accepts %d arg(s), received %d", want, have)
	}
	return err
}

// notValue says what the values of a flag are, in place of what Go says of one that is none.
func notValue(flag *pflag.Flag, value string, why error) error {
	name := "--" + flag.Name
	switch flag.Value.Type() {
	case "bool":
		return usagef("invalid argument %q for %q: want true or false", value, name)
	case "int":
		return usagef("invalid argument %q for %q: want a whole number", value, name)
	case "float64":
		return usagef("invalid argument %q for %q: want a number", value, name)
	case "duration":
		return usagef("invalid argument %q for %q: want a time such as 30s, 15m or 2h", value, name)
	}
	return usagef("invalid argument %q for %q: %w", value, name, why)
}

// spoken gives an app that speaks the language in which wrong usage is told: that which
// the caller named, also where the command line could not be read up to there, else that
// of the workspace, also where it was not opened yet.
func (a *app) spoken(args []string) *app {
	b := *a
	if !b.started {
		named := pflag.NewFlagSet("", pflag.ContinueOnError)
		named.ParseErrorsAllowlist.UnknownFlags = true
		named.BoolP("help", "h", false, "") // else it would be printed
		named.StringVar(&b.lang, "lang", b.lang, "")
		named.StringVarP(&b.workspace, "workspace", "w", b.workspace, "")
		for rest := args; named.Parse(rest) != nil && len(rest) > 0; { // what is wrong is told; what follows is looked at
			rest = rest[1:]
		}
	}
	if !slices.Contains(record.Languages, b.lang) {
		b.lang = ""
		_, _ = b.config() // without a workspace it is English
	}
	return &b
}
