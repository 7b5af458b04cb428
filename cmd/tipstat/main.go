// Command tipstat turns ministries' spreadsheets on trafficking in persons
// into harmonised, comparable, traceable statistics. This package parses
// flags, calls the rooms of the house and prints; tipstat --help teaches it.
package main

import "os"

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
