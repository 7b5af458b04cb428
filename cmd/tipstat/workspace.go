package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"

	"github.com/oas/tipstat/ingest/inbox"
	"github.com/oas/tipstat/ingest/layout"
	"github.com/oas/tipstat/ingest/template"
	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/record"
	"github.com/oas/tipstat/transform/store"
)

// configName is the file that makes a folder a workspace.
const configName = "tipstat.yaml"

const configText = `# A tipstat workspace. Paths are from this folder.
store: tipstat.duckdb   # open it with any DuckDB client
originals: originals    # accepted files, kept by their SHA-256
out: out                # reports
layouts: layouts        # layouts of your own (*.yaml); they replace built-in ones of the same id
vocabulary: vocabulary  # codelists/*.csv and synonyms/*.csv of your own, added to the built-in ones
lang: en                # en, es, pt or fr
inbox: inbox            # tipstat run takes in what lies here, in folders too, such as one for each State
accepted: accepted      # where it puts the files, with their receipts: on the file system of the inbox,
refused: refused        # since a file is moved, and never copied
runs: runs              # what each run did
duckdb:                 # what the database may take of the machine
  memory: 2GB           # MB or GB, from 64MB; what needs more is put beside the store for as long as it is needed
  threads: 0            # 0: as many as the machine has processors
# run:
#   publish: [tables, pack]  # made anew, after disclosure control, when the store has changed (default: nothing)
#   langs: [es, en]          # languages of these (default: lang)
#   meeting: Fourth Meeting  # on the cover of the pack
#   senders: {HTI: fr}       # language of findings for a folder of the inbox, where a file has none (default: lang)
#   settle: 10s              # a file written less than this ago is watched so long before it is taken
#   keep_runs: 400           # reports of runs that are kept, the newest; 0: all
#   named: move              # a file that names persons is moved like others, never copied; delete: it is deleted
# notify:                    # when a file was refused or a run failed; no cell of a file is ever in it
#   webhook: https://example.org/hook  # JSON by POST; or TIPSTAT_WEBHOOK_URL; TIPSTAT_WEBHOOK_TOKEN is its bearer token
#   mail: {server: "smtp.example.org:587", from: tip@example.org, to: [me@example.org], user: tip, tls: starttls}
#                            # TIPSTAT_SMTP_PASSWORD is the password; tls: starttls, tls or none
#   timeout: 15s
# portal:                    # what one State may send over the web (tipstat serve --portal)
#   file_bytes: 104857600    # of one file
#   day_files: 200           # in 24 hours
#   day_bytes: 2147483648
#   waiting: 100             # files that wait to be read
#   open: 100                # uploads under way at once
#   oidc:                    # OpenID Connect providers to sign in at; tell them ADDRESS/signin/oidc/ID/callback
#     - {id: hnd-gov, name: Gobierno de Honduras, issuer: "https://id.example.hn", client_id: tipstat, client_secret_file: hnd-gov.secret}
#                            # or client_secret_env: NAME, an environment variable
`

// config is tipstat.yaml.
type config struct {
	Store      string         `yaml:"store"`
	Originals  string         `yaml:"originals"`
	Out        string         `yaml:"out"`
	Layouts    string         `yaml:"layouts"`
	Vocabulary string         `yaml:"vocabulary"`
	Lang       string         `yaml:"lang"`
	Inbox      string         `yaml:"inbox"`
	Accepted   string         `yaml:"accepted"`
	Refused    string         `yaml:"refused"`
	Runs       string         `yaml:"runs"`
	Run        runConfig      `yaml:"run"`
	Notify     notifyConfig   `yaml:"notify"`
	Portal     portalConfig   `yaml:"portal"`
	DuckDB     store.Settings `yaml:"duckdb"`
	dir        string
}

func (c *config) path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(c.dir, name)
}

func (a *app) initCommand() *cobra.Command {
	return &cobra.Command{
		Use: "init [DIR]", Short: "Make a workspace", Args: cobra.MaximumNArgs(1),
		Long:    "Makes a folder with tipstat.yaml, an empty store, and places for inbox, reports, layouts and vocabulary of your own. An existing workspace is left as it is, but for its store: one that an older tipstat made is brought up to date.",
		Example: "  tipstat init            # here\n  tipstat init tip-2025   # in a new folder\n  tipstat init tip-2025 --lang es",
		RunE: func(cmd *cobra.Command, args []string) error {
			dir := "."
			if len(args) > 0 {
				dir = args[0]
			}
			made, err := makeWorkspace(cmd.Context(), dir, a.lang)
			if err != nil {
				return err
			}
			if a.asJSON {
				return a.json(map[string]any{"workspace": dir, "made": made})
			}
			if made {
				a.tell("workspace_made", "folder", dir)
			} else {
				a.tell("workspace_there", "folder", dir)
			}
			return nil
		},
	}
}

// makeWorkspace makes a workspace, unless there is one, whose store it brings up to date. Its language is that
// of the command line, or English.
func makeWorkspace(ctx context.Context, dir, lang string) (bool, error) {
	name := filepath.Join(dir, configName)
	if _, err := os.Stat(name); err == nil {
		c, err := (&app{workspace: dir}).config()
		if err != nil {
			return false, err
		}
		st, err := c.DuckDB.Open(ctx, c.path(c.Store)) // brings an older one up to date
		if err != nil {
			return false, err
		}
		return false, st.Close()
	}
	text := strings.Replace(configText, "\nlang: en ", "\nlang: "+cmp.Or(lang, "en")+" ", 1)
	made := &config{dir: dir, Inbox: "inbox", Accepted: "accepted", Refused: "refused", Out: "out", Originals: "originals", Layouts: "layouts", Vocabulary: "vocabulary"}
	if err := made.makeFolders(); err != nil {
		return false, err
	}
	set, err := codelist.Load(nil)
	if err != nil {
		return false, err
	}
	st, err := store.Open(ctx, filepath.Join(dir, "tipstat.duckdb"))
	if err != nil {
		return false, err
	}
	tx, err := st.Begin(ctx)
	if err != nil {
		return false, errors.Join(err, st.Close())
	}
	if err := tx.Vocabulary(ctx, set); err != nil {
		return false, errors.Join(err, tx.Rollback(), st.Close())
	}
	if err := errors.Join(tx.Commit(ctx), st.Close(), os.Chmod(filepath.Join(dir, "tipstat.duckdb"), 0o600)); err != nil {
		return false, err
	}
	return true, writeFile(name, []byte(text))
}

// makeFolders makes the folders that tipstat.yaml names, those in the workspace.
func (c *config) makeFolders() error {
	names := []string{c.Inbox, c.Accepted, c.Refused, c.Out, c.Originals, c.Layouts}
	if c.Vocabulary != "" {
		names = append(names, filepath.Join(c.Vocabulary, "codelists"), filepath.Join(c.Vocabulary, "synonyms"))
	}
	for _, name := range names {
		if !filepath.IsLocal(name) { // none, or elsewhere
			continue
		}
		// Rows about persons may lie here: only for the user who made it.
		if err := os.MkdirAll(c.path(name), 0o700); err != nil {
			return err
		}
	}
	return nil
}

// config finds and reads the workspace.
func (a *app) config() (*config, error) {
	dir := a.workspace
	if dir == "" {
		here, err := os.Getwd()
		if err != nil {
			return nil, err
		}
		for dir = here; ; dir = filepath.Dir(dir) {
			if _, err := os.Stat(filepath.Join(dir, configName)); err == nil {
				break
			}
			if filepath.Dir(dir) == dir {
				return nil, usagef("no workspace here (no %s in %s or above): run tipstat init, or name one with --workspace", configName, here)
			}
		}
	}
	b, err := os.ReadFile(filepath.Join(dir, configName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, usagef("%s is no workspace (it has no %s): run tipstat init %s", dir, configName, dir)
	}
	if err != nil {
		return nil, err
	}
	c := &config{dir: dir}
	if err := yaml.UnmarshalWithOptions(b, c, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(dir, configName), err)
	}
	a.lang = cmp.Or(a.lang, c.Lang, "en")
	if err := c.DuckDB.Check(); err != nil {
		return nil, usagef("%s: duckdb: %w", filepath.Join(dir, configName), err)
	}
	c.Store, c.Out = cmp.Or(c.Store, "tipstat.duckdb"), cmp.Or(c.Out, "out")
	c.Inbox, c.Accepted, c.Refused, c.Runs = cmp.Or(c.Inbox, "inbox"), cmp.Or(c.Accepted, "accepted"), cmp.Or(c.Refused, "refused"), cmp.Or(c.Runs, "runs")
	return c, a.checkLang()
}

func (a *app) checkLang() error {
	a.lang = cmp.Or(a.lang, "en")
	if !slices.Contains(record.Languages, a.lang) {
		return usagef("--lang %s: want en, es, pt or fr", a.lang)
	}
	return nil
}

// vocabulary loads the code lists with the workspace's own.
func (c *config) vocabulary() (*codelist.Set, error) {
	if c == nil || c.Vocabulary == "" {
		return codelist.Load(nil)
	}
	if _, err := os.Stat(c.path(c.Vocabulary)); err != nil {
		return codelist.Load(nil)
	}
	return codelist.Load(os.DirFS(c.path(c.Vocabulary)))
}

// layouts loads the layouts with the workspace's own.
func (c *config) layouts(set *codelist.Set) ([]*layout.Layout, error) {
	if c == nil || c.Layouts == "" {
		return layout.Load(nil, set)
	}
	if _, err := os.Stat(c.path(c.Layouts)); err != nil {
		return layout.Load(nil, set)
	}
	all, err := layout.Load(os.DirFS(c.path(c.Layouts)), set)
	if err != nil {
		return nil, usagef("%w\nMend it, or move it out of %s until it is ready", err, c.path(c.Layouts))
	}
	return all, nil
}

// inbox opens the workspace for ingestion; close gives the store back.
func (a *app) inbox(ctx context.Context, c *config, command string) (*inbox.Inbox, error) {
	in, err := a.reader(c)
	if err != nil {
		return nil, err
	}
	in.Store, err = c.DuckDB.Open(ctx, c.path(c.Store))
	if err != nil {
		return nil, err
	}
	if c.Originals != "" {
		in.Originals = c.path(c.Originals)
	}
	in.Command = command
	in.RunID = runID(a.now())
	return in, nil
}

// reader loads what reading a file needs; c may be nil.
func (a *app) reader(c *config) (*inbox.Inbox, error) {
	set, err := c.vocabulary()
	if err != nil {
		return nil, err
	}
	layouts, err := c.layouts(set)
	if err != nil {
		return nil, err
	}
	form, err := template.Load(set)
	if err != nil {
		return nil, err
	}
	return &inbox.Inbox{Codes: set, Layouts: layouts, Form: form, Now: a.now, Version: version()}, nil
}

// runID names a run by its start.
func runID(t time.Time) string {
	sum := sha256.Sum256([]byte(t.UTC().Format(time.RFC3339Nano)))
	return t.UTC().Format("20060102T150405Z") + "-" + hex.EncodeToString(sum[:3])
}

// maybeConfig reads the workspace where there is one: layouts and codes can be
// looked at anywhere.
func (a *app) maybeConfig() (*config, error) {
	c, err := a.config()
	var usage usageError
	if errors.As(err, &usage) && a.workspace == "" {
		return nil, a.checkLang()
	}
	return c, err
}
