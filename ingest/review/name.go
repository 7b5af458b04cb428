package review

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

var reReview = regexp.MustCompile(`\.review(\d*)$`)

// FileName gives the name of a file's review: trata.review.xlsx of
// trata.csv, and trata.review2.xlsx of trata.review.xlsx, in which the
// ministry works. A workbook with macros keeps its ending, or Excel would not
// open it.
func FileName(path, format string) string {
	ext := filepath.Ext(path)
	base := strings.TrimSuffix(path, ext)
	if format != "xlsx" || !strings.EqualFold(ext, ".xlsm") {
		ext = ".xlsx"
	}
	if m := reReview.FindStringSubmatch(base); m != nil {
		n, err := strconv.Atoi(m[1])
		if err != nil {
			n = 1
		}
		return fmt.Sprintf("%s.review%d%s", strings.TrimSuffix(base, m[0]), n+1, ext)
	}
	return base + ".review" + ext
}
