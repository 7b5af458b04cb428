package sheet

const (
	maxFormats = 1 << 16 // number formats and cell formats; Excel writes 250 and 65,490 at most
	maxCode    = 4096    // bytes of a format code; Excel takes 255 characters
)

// readStyles gives what each cell format (the s attribute) makes of a number.
func readStyles(s *scanner) ([]look, error) {
	if err := root(s, "styleSheet"); err != nil {
		return nil, err
	}
	var looks []look
	codes := map[int]look{}
	seen := false
	for {
		t, err := s.next()
		if err != nil {
			return nil, err
		}
		if t == tokEnd && s.depth() == 0 {
			return looks, nil
		}
		if t != tokStart || s.depth() != 2 {
			continue
		}
		switch {
		case s.is(nsMain, "numFmts"):
			err = eachChild(s, "numFmt", func() error {
				id, ok := index(s.attr(nsNone, "numFmtId"))
				code := s.attr(nsNone, "formatCode")
				if !ok || len(code) > maxCode || len(codes) == maxFormats {
					return s.wrong("a number format is malformed")
				}
				codes[id] = classify(string(code))
				return nil
			})
		case s.is(nsMain, "cellXfs"):
			if seen {
				return nil, s.wrong("cellXfs stands twice")
			}
			seen = true
			err = eachChild(s, "xf", func() error {
				id := 0
				if v := s.attr(nsNone, "numFmtId"); v != nil {
					var ok bool
					if id, ok = index(v); !ok {
						return s.wrong("a cell format is malformed")
					}
				}
				if len(looks) == maxFormats {
					return s.wrong("too many cell formats")
				}
				l, ok := codes[id]
				if !ok {
					l = builtin(id)
				}
				looks = append(looks, l)
				return nil
			})
		}
		if err != nil {
			return nil, err
		}
	}
}

// root goes to the root element, which must be the one named.
func root(s *scanner, local string) error {
	for {
		t, err := s.next()
		if err != nil {
			return err
		}
		if t != tokStart {
			continue
		}
		if !s.is(nsMain, local) {
			return s.wrong("the root is not " + local)
		}
		return nil
	}
}

// eachChild calls fn at each child of the element that just began, which must
// all be named local and in the main namespace, and goes to its end. What is
// inside the children is passed over; other namespaces and extensions too.
func eachChild(s *scanner, local string, fn func() error) error {
	for {
		t, err := s.next()
		switch {
		case err != nil:
			return err
		case t == tokEnd:
			return nil
		case t == tokText:
			if !blank(s.text) {
				return s.wrong("text where none may be")
			}
		case t == tokStart:
			if s.is(nsMain, local) {
				if err := fn(); err != nil {
					return err
				}
			} else if s.ns == nsMain && string(s.local) != "extLst" {
				return s.wrong("an element that is not expected")
			}
			if err := s.skip(); err != nil {
				return err
			}
		}
	}
}
