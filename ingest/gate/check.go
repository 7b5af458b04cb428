package gate

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"github.com/oas/tipstat/transform/codelist"
	"github.com/oas/tipstat/transform/record"
)

// checks are the rules that identifiers.yaml names. What a rule gets is the
// cell, the word of a text, or the first group of the pattern.
var checks = map[string]func(*lexicon, string) bool{
	"person":          person,
	"given":           func(lx *lexicon, s string) bool { return all(s, lx.given) },
	"surname":         func(lx *lexicon, s string) bool { return all(s, lx.surnames) },
	"person-in-text":  func(lx *lexicon, s string) bool { return personsIn(lx, s) > 0 },
	"persons-in-text": func(lx *lexicon, s string) bool { return personsIn(lx, s) > 1 || personsListed(lx, s) > 1 },
	"known-name":      knownName,
	"called":          called,
	"called-kin":      func(lx *lexicon, s string) bool { return called(lx, s) || knownName(lx, s) && !lx.plainly(s) },
	"called-capitals": func(lx *lexicon, s string) bool { return len(lx.parts(s)) > 1 && !lx.plainly(s) },
	"titled":          titled,
	"ranked":          ranked,
	"nickname":        nickname,
	"initials":        initials,
	"e-mail":          func(_ *lexicon, s string) bool { return record.HoldsEMail(s) },
	"document":        documentLike,
	"passport":        passport,
	"long-number":     func(_ *lexicon, s string) bool { return longNumber(s) },
	"number-in-text":  func(_ *lexicon, s string) bool { return numberInText(s) },
	"phone":           func(_ *lexicon, s string) bool { return phone(s) },
	"starts-9":        func(_ *lexicon, s string) bool { return strings.HasPrefix(s, "9") },
	"no-years":        func(_ *lexicon, s string) bool { return !record.IsTimeOrLaw(s) && !years(s) },
	"cpf":             func(_ *lexicon, s string) bool { return cpf(digitsOf(s)) },
	"cuil":            func(_ *lexicon, s string) bool { return cuil(digitsOf(s)) },
	"pis":             func(_ *lexicon, s string) bool { return mod11(digitsOf(s), 3, 2, 9, 8, 7, 6, 5, 4, 3, 2) },
	"rut":             func(_ *lexicon, s string) bool { return rut(s) },
	"ci-uy":           func(_ *lexicon, s string) bool { return ciUruguay(digitsOf(s)) },
	"curp":            func(_ *lexicon, s string) bool { return curp(s) },
	"yymmdd":          func(_ *lexicon, s string) bool { return yymmdd(s[4:10]) },
	"dni-hn":          func(_ *lexicon, s string) bool { return s[5:7] == "19" || s[5:7] == "20" },
	"dui":             func(_ *lexicon, s string) bool { return dui(digitsOf(s)) },
	"luhn":            func(_ *lexicon, s string) bool { return luhn(digitsOf(s)) },
	"cedula-ec":       func(_ *lexicon, s string) bool { return cedulaEcuador(digitsOf(s)) },
	"venezuela":       func(_ *lexicon, s string) bool { return strings.ContainsAny(s[:1], "VEve") },
	"dpi":             func(_ *lexicon, s string) bool { return dpi(digitsOf(s)) },
	"dwelling":        dwelling,
	"said":            func(*lexicon, string) bool { return true }, // what the pattern puts in a group
	"ssn": func(_ *lexicon, s string) bool {
		return s[0] != '9' && s[:3] != "000" && s[:3] != "666" && s[4:6] != "00" && s[7:] != "0000"
	},
}

// looks tell what a cell under a heading of a kind looks like.
var looks = map[string]func(*lexicon, string) bool{
	"name":     nameLike,
	"initials": func(lx *lexicon, s string) bool { return initialsOnly.MatchString(s) && initials(lx, s) },
	"document": documentLike,
	"phone": func(_ *lexicon, s string) bool {
		n := len(digitsOf(s))
		return n >= 7 && n <= 15 && phone(s) && strings.Trim(s, "0123456789+()-./ xext") == ""
	},
	"e-mail": func(_ *lexicon, s string) bool { return record.HoldsEMail(s) || mailName.MatchString(s) },
	"mark":   markLike,
	"address": func(_ *lexicon, s string) bool {
		return postcode.MatchString(s) || strings.ContainsFunc(s, unicode.IsDigit) && strings.ContainsFunc(s, unicode.IsLetter) && len(strings.Fields(s)) > 1
	},
	"date": func(_ *lexicon, s string) bool { return dateYear(s) > 0 || shortDate(s) },
}

// mailName is an address of which the end is lacking: ana.perez@correo.
var mailName = regexp.MustCompile(`^[\w.+-]+@[\w.-]+$`)

// markLike is the number of a plate or of a fingerprint: letters and digits, one word or two.
func markLike(_ *lexicon, s string) bool {
	n := 0
	for _, r := range s {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			n++
		case !strings.ContainsRune(" .-/+=:", r):
			return false
		}
	}
	return n >= 5 && len(strings.Fields(s)) <= 3 && strings.ContainsFunc(s, unicode.IsDigit) && strings.ContainsFunc(s, unicode.IsLetter) && dateYear(s) == 0 && !record.IsTimeOrLaw(s)
}

// initialsOnly are letters of a name, with dots or without.
var initialsOnly = regexp.MustCompile(`^\p{Lu}(?:[. -]{0,2}\p{Lu}){1,4}\.?$`)

// postcode is a Brazilian one, which tells the street.
var postcode = regexp.MustCompile(`^\d{5}-?\d{3}$`)

// digitsOf gives the ASCII digits of a text.
func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// documentLike is a number of five digits or more, with letters perhaps, that
// is no date.
func documentLike(_ *lexicon, s string) bool {
	digits, letters := 0, 0
	for _, r := range s {
		switch {
		case unicode.IsDigit(r):
			digits++
		case unicode.IsLetter(r):
			letters++
		case !strings.ContainsRune(" .-/", r):
			return false
		}
	}
	return digits >= 5 && letters+digits <= 20 && letters <= 12 && !record.IsTimeOrLaw(s) && dateYear(s) == 0
}

// dwelling is a place of houses with a number of one, not of a law, a file or, where
// no house is told, of an office: "barrio Abajo, comisaría n. 12".
func dwelling(lx *lexicon, s string) bool {
	_, rest, _ := strings.Cut(codelist.Normalise(s), " ")
	return !holds(rest, lx.Codes) && (holds(rest, lx.Words["house"]) || !holds(rest, lx.Elsewhere))
}

// passport is a number of which the letters, where a blank follows them, are no
// word that stands before a count: "de 12000".
func passport(lx *lexicon, s string) bool {
	letters, _, apart := strings.Cut(s, " ")
	return documentLike(lx, s) && !(apart && lx.counted[codelist.Normalise(letters)])
}

// longNumber is what stands behind a word such as DNI: seven digits or more,
// letters before them perhaps, and no law or span of years.
func longNumber(s string) bool {
	number := strings.TrimLeftFunc(s, func(r rune) bool { return !unicode.IsDigit(r) })
	return len(digitsOf(number)) >= 7 && !record.IsTimeOrLaw(number)
}

// numberInText is a number of eight digits or more in prose that tells of no money.
func numberInText(s string) bool {
	return record.HoldsLongNumber(s) && !strings.ContainsAny(s, "$€%") && strings.ContainsFunc(s, unicode.IsLetter)
}

// phone has enough digits and is no span of years and no figure with marks for
// thousands.
func phone(s string) bool {
	n := len(digitsOf(s))
	return n >= 7 && n <= 15 && !record.IsTimeOrLaw(strings.TrimSpace(s)) && !years(s) && !thousands(s)
}

// years tells whether a text is made of years and shorter numbers: 2019-2020,
// 1-2019-2020.
func years(s string) bool {
	n := 0
	for _, p := range strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsDigit(r) }) {
		switch {
		case len(p) > 4 || len(p) == 3:
			return false
		case len(p) == 4 && yearOf(p) == 0:
			return false
		case len(p) == 4:
			n++
		}
	}
	return n > 0
}

// thousands tells whether a text is a figure such as 1 234 567.
func thousands(s string) bool {
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '.' || r == ',' })
	if len(parts) < 2 || strings.Trim(s, "0123456789 .,") != "" || len(parts[0]) > 3 || strings.HasPrefix(s, "9") && len(parts) == 3 && len(parts[0]) == 3 {
		return false
	}
	for _, p := range parts[1:] {
		if len(p) != 3 {
			return false
		}
	}
	return true
}

func at(d string, i int) int { return int(d[i] - '0') }

// weigh adds up digits by weights.
func weigh(d string, weights ...int) (sum int) {
	for i, w := range weights {
		sum += w * at(d, i)
	}
	return sum
}

// mod11 checks a last digit that is 11 minus the rest, and 0 for 10 and 11.
func mod11(d string, weights ...int) bool {
	if len(d) != len(weights)+1 || alike(d) {
		return false
	}
	c := 11 - weigh(d, weights...)%11
	if c > 9 {
		c = 0
	}
	return c == at(d, len(weights))
}

// alike tells whether all digits are the same.
func alike(d string) bool { return strings.Trim(d, d[:1]) == "" }

// cpf is Brazil's, with two check digits.
func cpf(d string) bool {
	return len(d) == 11 && mod11(d[:10], 10, 9, 8, 7, 6, 5, 4, 3, 2) && mod11(d, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2)
}

// cuil is Argentina's.
func cuil(d string) bool {
	return len(d) == 11 && strings.Contains("20 23 24 27 30 33 34", d[:2]) && mod11(d, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
}

// rut is Chile's, whose last digit may be K.
func rut(s string) bool {
	last := s[len(s)-1]
	d := digitsOf(s[:len(s)-1])
	if len(d) < 7 || alike(d) {
		return false
	}
	sum, w := 0, 2
	for i := len(d) - 1; i >= 0; i-- {
		sum += w * at(d, i)
		if w++; w > 7 {
			w = 2
		}
	}
	switch c := 11 - sum%11; c {
	case 11:
		return last == '0'
	case 10:
		return last == 'K' || last == 'k'
	default:
		return last == byte('0'+c)
	}
}

// ciUruguay checks the last digit of a cédula of Uruguay.
func ciUruguay(d string) bool {
	return len(d) == 8 && !alike(d) && (10-weigh(d, 2, 9, 8, 7, 6, 3, 4)%10)%10 == at(d, 7)
}

// curp is Mexico's: date of birth, sex, state and a check digit.
func curp(s string) bool {
	const letters = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ"
	s = strings.ToUpper(s)
	if len(s) != 18 || !yymmdd(s[4:10]) || !strings.ContainsAny(s[10:11], "HMX") {
		return false
	}
	places := map[rune]int{}
	n := 0
	for _, r := range letters {
		places[r] = n
		n++
	}
	sum := 0
	for i, r := range s[:17] {
		sum += places[r] * (18 - i)
	}
	return (10-sum%10)%10 == at(s, 17)
}

// yymmdd is a date of six digits.
func yymmdd(s string) bool {
	m, err1 := strconv.Atoi(s[2:4])
	d, err2 := strconv.Atoi(s[4:6])
	return err1 == nil && err2 == nil && m >= 1 && m <= 12 && d >= 1 && d <= 31
}

// dui is El Salvador's.
func dui(d string) bool {
	return len(d) == 9 && !alike(d) && (10-weigh(d, 9, 8, 7, 6, 5, 4, 3, 2)%10)%10 == at(d, 8)
}

// luhn is the check of Dominican cédulas and of Canada's social insurance numbers.
func luhn(d string) bool {
	if d == "" || alike(d) {
		return false
	}
	sum := 0
	for i := range d {
		n := at(d, len(d)-1-i)
		if i%2 == 1 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return sum%10 == 0
}

// cedulaEcuador has a province, a third digit below 6 and a check digit.
func cedulaEcuador(d string) bool {
	return len(d) == 10 && d[:2] > "00" && (d[:2] <= "24" || d[:2] == "30") && d[2] < '6' && luhn(d)
}

// dpi is Guatemala's: a check digit, a department and a municipality.
func dpi(d string) bool {
	if len(d) != 13 || d[9:11] < "01" || d[9:11] > "22" || d[11:] < "01" {
		return false
	}
	return weigh(d, 2, 3, 4, 5, 6, 7, 8, 9)%11 == at(d, 8)
}
