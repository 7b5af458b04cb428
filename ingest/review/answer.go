package review

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"github.com/oas/tipstat/ingest/sheet"
	"github.com/oas/tipstat/transform/record"
)

// What the hidden row of the list says of it and of its columns: a person may
// move a column, or translate the headings.
const (
	markList   = "tipstat.review"
	markAnswer = "explanation"
	markKey    = "key"
)

// Answer is what the sender wrote beside a finding.
type Answer struct {
	Key
	Text string
}

// List is what was read of the first sheet of a review.
type List struct {
	Lang    string // empty: the workbook has no list
	Answers []Answer
	Broken  bool // something is written there that can't be assigned to a finding
}

// Key says which finding an answer belongs to: by its place, and by what was
// found there, in case that rows or sheets moved.
type Key struct {
	Code  string
	Print string // of what was found and expected
	Place string // 'Sheet'!C5; empty: the whole file
}

func (k Key) String() string { return strings.TrimSpace(k.Code + " " + k.Print + " " + k.Place) }

// key gives the key of a finding. The sheet of a csv file is that of the review.
func (r *review) key(f record.Finding) Key {
	if !Published(f) { // it stands for the answer that it tells of
		return parseKey(f.Expected)
	}
	if r.csvSheet != "" && f.Subject.Cell != "" {
		f.Subject.Sheet = r.csvSheet
	}
	return keyOf(f)
}

func keyOf(f record.Finding) Key {
	h := sha256.New()
	put(h, f.Code, f.Found, f.Expected)
	k := Key{Code: f.Code, Print: hex.EncodeToString(h.Sum(nil)[:6])}
	if f.Subject.Sheet != "" || f.Subject.Cell != "" {
		k.Place = quoted(f.Subject.Sheet) + "!" + f.Subject.Cell
	}
	return k
}

func parseKey(s string) (k Key) {
	k.Code, s, _ = strings.Cut(s, " ")
	k.Print, k.Place, _ = strings.Cut(s, " ")
	return k
}

// written gives the explanations as the list will hold them.
func (r *review) written() (all []Answer) {
	rows := r.listed()
	for _, f := range rows[:min(len(rows), maxListed)] {
		if text := oneLine(plain(f.Explanation)); text != "" && f.Severity != record.Error {
			all = append(all, Answer{Key: r.key(f), Text: text})
		}
	}
	return all
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// Answers reads the explanations that the sender wrote into the list of a
// review; a workbook without a list has none.
func Answers(ctx context.Context, wb *sheet.Workbook) (list List, err error) {
	info, ok := wb.Review()
	if !ok {
		return List{}, nil
	}
	answer, key, headed := 0, 0, false
	err = wb.Read(ctx, info.Index, func(row *sheet.Row) error {
		text := func(col int) string {
			for _, c := range row.Cells {
				if c.Col == col {
					return strings.TrimSpace(c.Text)
				}
			}
			return ""
		}
		if answer > 0 && key > 0 {
			switch k, said := text(key), oneLine(plain(text(answer))); {
			case len(list.Answers) == maxListed: // no list of ours is longer
				list.Broken = true
			case said == "":
			case k != "" && k != markKey:
				list.Answers = append(list.Answers, Answer{Key: parseKey(k), Text: said})
			case headed:
				list.Broken = true
			default: // the heading
			}
			headed = true
			return nil
		}
		for _, c := range row.Cells {
			switch {
			case c.Text == markList:
				list.Lang = markList // until the cell that says it
			case list.Lang == markList && c.Text != "":
				list.Lang = c.Text
			case list.Lang != "" && c.Text == markAnswer:
				answer = c.Col
			case list.Lang != "" && c.Text == markKey:
				key = c.Col
			}
		}
		return nil
	})
	if !slices.Contains(record.Languages, list.Lang) {
		list.Lang = ""
	}
	list.Broken = list.Broken || answer == 0 || key == 0
	return list, err
}

// The codes of findings that tell of an explanation: of nothing that is found
// now, or of an error. Expected holds the key of what it was written for.
const (
	lost    = "TIP-A003"
	ofError = "TIP-A004"
)

// Published tells whether the explanation of a finding goes with the figures.
func Published(f record.Finding) bool { return f.Code != lost && f.Code != ofError }

// Refuse gives the findings that refuse a file for what is written in its
// explanations, at the places that these explain, and the explanations that may
// be kept. Findings do not quote them.
func Refuse(answers []Answer, file string) (faults record.Findings, kept []Answer) {
	for _, a := range answers {
		var f record.Finding
		switch {
		case record.MayTellOfPerson(a.Text):
			f = record.NewFinding("TIP-A001", a.at(file))
			f.Found = a.Code
			faults = append(faults, f)
			continue
		case len([]rune(a.Text)) > record.LongestNote:
			f = record.NewFinding("TIP-A002", a.at(file))
			f.Found, f.Expected = strconv.Itoa(len([]rune(a.Text))), strconv.Itoa(record.LongestNote)
			faults = append(faults, f)
		}
		kept = append(kept, a)
	}
	return faults, kept
}

// at is the place that a key names.
func (k Key) at(file string) record.Place {
	p := record.Place{File: file}
	if i := strings.LastIndex(k.Place, "!"); i > 1 {
		p.Sheet, p.Cell = strings.ReplaceAll(k.Place[1:i-1], "''", "'"), k.Place[i+1:]
	}
	return p
}

// Explain puts each explanation to its finding: the one at its place with the
// same content; else, for rows may have moved, the only one of its sheet with
// the same content. It holds for all that a rule says of that place. Where the
// content is another now, the explanation was of something else. Those whose
// finding is no more are told, and kept in the next list: when errors kept
// figures from being held against each other, the finding comes back.
func Explain(findings record.Findings, list List, file string) record.Findings {
	answers := list.Answers
	keys := make([]Key, len(findings))
	content := func(k Key) Key { k.Place = k.at("").Sheet; return k }
	alike, wrong := map[Key]int{}, map[Key]bool{} // by content; by key
	for i, f := range findings {
		keys[i] = keyOf(f)
		alike[content(keys[i])]++
		wrong[keys[i]] = f.Severity == record.Error
	}
	used := make([]bool, len(answers))
	landed := map[[2]string]int{} // code and place of the finding → its answer
	give := func(i, j int) {
		findings[i].Explanation, used[j] = answers[j].Text, true
		landed[[2]string{keys[i].Code, keys[i].Place}] = j
	}
	open := func(i int) bool { return findings[i].Severity != record.Error && findings[i].Explanation == "" }
	exact, moved := map[Key][]int{}, map[Key][]int{}
	for j, a := range answers {
		exact[a.Key] = append(exact[a.Key], j)
	}
	for i, k := range keys {
		if some := exact[k]; len(some) > 0 && open(i) {
			give(i, some[0])
			exact[k] = some[1:]
		}
	}
	for j, a := range answers {
		if !used[j] {
			moved[content(a.Key)] = append(moved[content(a.Key)], j)
		}
	}
	for i, k := range keys {
		if some := moved[content(k)]; len(some) > 0 && alike[content(k)] == 1 && open(i) {
			give(i, some[0])
		}
	}
	for i, k := range keys {
		if j, ok := landed[[2]string{k.Code, k.Place}]; ok && open(i) {
			findings[i].Explanation = answers[j].Text
		}
	}
	for j, a := range answers {
		if used[j] {
			continue
		}
		f := record.NewFinding(lost, record.Place{File: file})
		if wrong[a.Key] {
			f = record.NewFinding(ofError, a.at(file))
		}
		f.Found, f.Expected, f.Explanation = strings.TrimSpace(a.Code+" "+a.Place), a.Key.String(), a.Text
		findings = append(findings, f)
	}
	if list.Broken {
		findings = append(findings, record.NewFinding("TIP-A005", record.Place{File: file}))
	}
	return findings
}
