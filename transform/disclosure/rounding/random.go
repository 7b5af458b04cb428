package rounding

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
)

// Method is a way to round.
type Method string

// The methods.
const (
	Random     Method = "random"
	Controlled Method = "controlled"
)

// Bases are those that can be chosen: with 2 a figure would be one of three, and
// with more than 5 small figures are lost.
var Bases = []int{3, 5}

// Options say how figures are rounded.
type Options struct {
	Base   int
	Method Method
	Key    Key
}

// Check tells what is wrong with the options, but for the key.
func (o Options) Check() error {
	if !slices.Contains(Bases, o.Base) {
		return fmt.Errorf("base %d; want one of %v", o.Base, Bases)
	}
	if o.Method != Random && o.Method != Controlled {
		return fmt.Errorf("method %q; want %s or %s", o.Method, Random, Controlled)
	}
	return nil
}

// KeySize is the number of bytes of a key.
const KeySize = 32

// Key is the secret that draws hang on. Whoever has it can tell of a figure that
// was rounded at random which way it went.
type Key []byte

// Check tells whether it is a key.
func (k Key) Check() error {
	if len(k) < KeySize {
		return fmt.Errorf("the key has %d bytes; want %d", len(k), KeySize)
	}
	if slices.Max(k) == slices.Min(k) {
		return errors.New("all bytes of the key are the same: it is no secret")
	}
	return nil
}

// Draw gives a number from 0 to 1 (not itself), with the same chance anywhere:
// always the same one for the same key and words, and of other words one that has
// nothing to do with it.
func (k Key) Draw(words ...string) float64 {
	h := hmac.New(sha256.New, k)
	var b []byte
	for _, w := range words { // with its length, so that "a", "bc" is not "ab", "c"
		b = append(binary.AppendUvarint(b, uint64(len(w))), w...)
	}
	_, _ = h.Write(b) // of a hash, which never fails
	const bits = 53   // of a float64
	return float64(binary.BigEndian.Uint64(h.Sum(nil))>>(64-bits)) / (1 << bits)
}

// ToRandom rounds a figure to a multiple of the base beside it: with an equal
// chance of all draws it is the figure, on average. Of the same draw, a larger
// figure never comes out smaller.
func ToRandom(v, base, draw float64) float64 {
	low := Down(v, base)
	if draw < (v-low)/base {
		return low + base
	}
	return low
}

// Down gives the multiple of the base at a figure or below.
func Down(v, base float64) float64 { return math.Floor(v/base) * base }

// Up gives the multiple of the base at a figure or above.
func Up(v, base float64) float64 { return math.Ceil(v/base) * base }
