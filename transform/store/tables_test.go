package store_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oas/tipstat/transform/store"
)

// TestTablesPage holds TABLES.md against the comments that stand in the store
// itself. UPDATE=1 rewrites it.
func TestTablesPage(t *testing.T) {
	ctx := context.Background()
	s, err := store.Open(ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var b strings.Builder
	b.WriteString("# The tables of the store\n" +
		"Made from the comments in the store by a test of this package; do not edit. One file, `tipstat.duckdb`, holds them all.\n")
	rows, err := s.DB().QueryContext(ctx, `
		SELECT c.table_name, coalesce(t.comment, v.comment, ''), c.column_name, c.data_type, NOT c.is_nullable, coalesce(c.comment, '')
		FROM duckdb_columns() c
		LEFT JOIN duckdb_tables() t USING (database_name, schema_name, table_name)
		LEFT JOIN duckdb_views() v ON v.database_name = c.database_name AND v.schema_name = c.schema_name AND v.view_name = c.table_name
		WHERE c.schema_name = 'main' AND NOT c.internal AND c.database_name = current_database()
		ORDER BY c.table_name <> 'observation', c.table_name <> 'observation_current', c.table_name, c.column_index`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	last := ""
	for rows.Next() {
		var table, about, column, typ, comment string
		var needed bool
		if err := rows.Scan(&table, &about, &column, &typ, &needed, &comment); err != nil {
			t.Fatal(err)
		}
		if about == "" || comment == "" && table != "observation_current" {
			t.Errorf("%s.%s has no comment, or its table has none", table, column)
		}
		if table != last {
			last = table
			fmt.Fprintf(&b, "\n## %s\n%s\n", table, about)
			if table == "observation_current" {
				b.WriteString("The columns are those of observation.\n")
			} else {
				b.WriteString("\n| column | type | |\n|---|---|---|\n")
			}
		}
		if table != "observation_current" {
			null := ""
			if !needed {
				null = ", may be NULL"
			}
			fmt.Fprintf(&b, "| `%s` | %s%s | %s |\n", column, typ, null, strings.ReplaceAll(comment, "|", `\|`))
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile("TABLES.md", []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	page, err := os.ReadFile("TABLES.md")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(page), b.String()); d != "" {
		t.Errorf("TABLES.md is not what the store says; UPDATE=1 go test ./transform/store rewrites it (-page +store):\n%s", d)
	}
}
