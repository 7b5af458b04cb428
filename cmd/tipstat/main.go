// Command tipstat turns ministries' spreadsheets on trafficking in persons
// into harmonised, comparable, traceable statistics. This package parses
// flags, calls the rooms of the house and prints; tipstat --help teaches it.
package main

import (
	"context"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
