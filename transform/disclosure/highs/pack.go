package highs

// packed is a problem as Highs_passMip reads it: one block, the vectors of float64
// first, for these must stand at multiples of 8, then those of int32. Each field
// but the first two is where a vector begins.
type packed struct {
	bytes                                         []byte
	terms                                         uint64 // how many, of all rows
	cost, lower, upper, rowLower, rowUpper, coefs uint64 // float64
	starts, columns                               uint64 // int32: where each row's terms begin, their columns
	integer                                       uint64 // int32: 1 for an integer column
}

func pack(p Problem) packed {
	var k packed
	float := func(x float64) { k.bytes = appendFloat(k.bytes, x) }
	whole := func(i int) { k.bytes = appendInt(k.bytes, i) }
	here := func() uint64 { return uint64(len(k.bytes)) }

	k.cost = here()
	for range p.Columns {
		float(0)
	}
	k.lower = here()
	for _, c := range p.Columns {
		float(c.Lower)
	}
	k.upper = here()
	for _, c := range p.Columns {
		float(c.Upper)
	}
	k.rowLower = here()
	for _, r := range p.Rows {
		float(r.Lower)
	}
	k.rowUpper = here()
	for _, r := range p.Rows {
		float(r.Upper)
	}
	k.coefs = here()
	for _, r := range p.Rows {
		for _, t := range r.Terms {
			float(t.Coef)
		}
	}
	k.starts = here()
	for _, r := range p.Rows {
		whole(int(k.terms))
		k.terms += uint64(len(r.Terms))
	}
	whole(int(k.terms))
	k.columns = here()
	for _, r := range p.Rows {
		for _, t := range r.Terms {
			whole(t.Col)
		}
	}
	k.integer = here()
	for _, c := range p.Columns {
		if c.Integer {
			whole(1)
		} else {
			whole(0)
		}
	}
	return k
}
