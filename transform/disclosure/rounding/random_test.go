package rounding_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/oas/tipstat/transform/disclosure/rounding"
)

// keys gives secrets, always the same.
func keys(n int) []rounding.Key {
	rnd := rand.NewChaCha8([32]byte{7})
	list := make([]rounding.Key, n)
	for i := range list {
		list[i] = make(rounding.Key, rounding.KeySize)
		_, _ = rnd.Read(list[i]) // never fails
	}
	return list
}

// TestToRandom: the multiple above where the draw is below the rest's share.
func TestToRandom(t *testing.T) {
	for _, tt := range []struct{ v, base, draw, want float64 }{
		{0, 3, 0, 0}, {3, 3, 0, 3}, {3, 3, 0.99, 3}, // a multiple stays
		{1, 3, 0.33, 3}, {1, 3, 0.34, 0}, {2, 3, 0.66, 3}, {2, 3, 0.67, 0},
		{14, 5, 0.79, 15}, {14, 5, 0.8, 10}, {11, 5, 0.19, 15}, {11, 5, 0.2, 10},
		{1e9 + 1, 3, 0.1, 1e9 + 2}, {2.5, 5, 0.49, 5}, {2.5, 5, 0.5, 0},
	} {
		if got := rounding.ToRandom(tt.v, tt.base, tt.draw); got != tt.want {
			t.Errorf("%v of base %v, draw %v: %v; want %v", tt.v, tt.base, tt.draw, got, tt.want)
		}
	}
}

// TestNeighbour: whatever the figure, it comes out as one of the two multiples
// beside it; of one draw a larger figure is never the smaller one.
func TestNeighbour(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		base := float64(rounding.Bases[rnd.IntN(2)])
		v, draw := float64(rnd.IntN(200)), rnd.Float64()
		got := rounding.ToRandom(v, base, draw)
		if math.Mod(got, base) != 0 || math.Abs(got-v) >= base || math.Mod(v, base) == 0 && got != v {
			t.Fatalf("%v of base %v: %v", v, base, got)
		}
		if next := rounding.ToRandom(v+1, base, draw); next < got {
			t.Fatalf("draw %v: %v is %v, and %v is %v", draw, v, got, v+1, next)
		}
	}
}

// TestUnbiased: over many keys, a figure is on average what it is. The bound is
// that of five standard deviations, and the keys are always the same.
func TestUnbiased(t *testing.T) {
	const n = 20_000
	all := keys(n)
	for _, base := range []float64{3, 5} {
		for v := range 11 {
			sum := 0.0
			for _, k := range all {
				sum += rounding.ToRandom(float64(v), base, k.Draw("HND", "VICTIMS_DETECTED", "2023"))
			}
			rest := math.Mod(float64(v), base) / base
			bound := 5 * base * math.Sqrt(rest*(1-rest)/n)
			if d := math.Abs(sum/n - float64(v)); d > bound {
				t.Errorf("base %v: %d is %v on average, %v off; want at most %v", base, v, sum/n, d, bound)
			}
		}
	}
}

// TestDraw: the same for the same, of all sizes alike, and nothing to do with
// each other for other words or another key.
func TestDraw(t *testing.T) {
	k := keys(2)
	if x, y := k[0].Draw("HND", "2023"), k[0].Draw("HND", "2023"); x != y {
		t.Errorf("%v, then %v", x, y)
	}
	const n, parts = 20_000, 10
	var count [parts][parts]int
	seen := map[float64]string{}
	for i := range n {
		x, y := k[0].Draw("HND", fmt.Sprint(i)), k[1].Draw("HND", fmt.Sprint(i))
		if x < 0 || x >= 1 {
			t.Fatalf("%v", x)
		}
		count[int(x*parts)][int(y*parts)]++
		seen[x] = ""
	}
	const want = float64(n) / (parts * parts)
	chi := 0.0
	for _, row := range count {
		for _, c := range row {
			chi += (float64(c) - want) * (float64(c) - want) / want
		}
	}
	if chi > 99+5*math.Sqrt(2*99) { // mean and five standard deviations of chi-square
		t.Errorf("draws of two keys are not even: chi-square %v of 99 degrees", chi)
	}
	for _, words := range [][]string{{"a", "bc"}, {"ab", "c"}, {"abc"}, {"a", "", "bc"}, {"", "abc"}, {"abc", ""}, {}} {
		x := k[0].Draw(words...)
		if _, ok := seen[x]; ok {
			t.Errorf("%q is drawn as another", words)
		}
		seen[x] = strings.Join(words, ",")
	}
}

// TestCheck: what is no base, no method and no key is told.
func TestCheck(t *testing.T) {
	for _, tt := range []struct {
		o    rounding.Options
		want string
	}{
		{rounding.Options{Base: 3, Method: rounding.Random}, ""},
		{rounding.Options{Base: 5, Method: rounding.Controlled}, ""},
		{rounding.Options{Base: 10, Method: rounding.Random}, "base 10"},
		{rounding.Options{Base: 3}, `method ""`},
	} {
		if err := tt.o.Check(); (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%+v: %v", tt.o, err)
		}
	}
	for _, k := range []rounding.Key{nil, {1, 2, 3}, make(rounding.Key, rounding.KeySize)} {
		if k.Check() == nil {
			t.Errorf("%v is taken for a key", k)
		}
	}
	if err := keys(1)[0].Check(); err != nil {
		t.Error(err)
	}
	if !slices.Equal(rounding.Bases, []int{3, 5}) {
		t.Error("texts say 3 or 5")
	}
}

func ExampleKey_Draw() {
	key := rounding.Key("a secret of 32 bytes, kept safe.")
	draw := key.Draw("HND", "VICTIMS_DETECTED", "2023")
	fmt.Println(rounding.ToRandom(7, 3, draw), rounding.ToRandom(7, 3, draw), rounding.ToRandom(6, 3, draw))
	// Output: 6 6 6
}
