//go:build !linux

package batch

func rename(from, to string) error { return renameFree(from, to) }
