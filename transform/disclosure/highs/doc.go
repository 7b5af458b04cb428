// Package highs solves linear problems, with or without integers, with HiGHS
// (MIT), the solver that scipy, R and others use. It tells how much a reader of a
// table with unpublished cells can find out: for each cell, the smallest and the
// largest figure that the published ones allow.
//
// HiGHS is C++. Here it is WebAssembly, as npm's highs has it (highs.wasm; how it
// is taken from there is told in vendor.mjs), and wazero runs it, which is Go:
// nothing to be built or installed, the same bits on every machine, and a HiGHS
// that crashes does not take the process along. wazero makes machine code of it on
// amd64 and arm64; elsewhere it interprets, and takes many times as long.
//
// The same calls give the same results, bit for bit: HiGHS has one thread, one
// seed, and a clock that stands still.
//
// On one core of 2026, of a table in three dimensions (BenchmarkRanges): about 2 s
// for the machine code, once in a process; 0.1 ms a problem with 50 unpublished
// cells, 1 ms with 500.
package highs
