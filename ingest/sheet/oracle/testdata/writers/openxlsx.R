# Writes the cells of a list as a workbook with openxlsx.
#
#   Rscript openxlsx.R CELLS.tsv OUT.xlsx
#
# R has no JSON of its own. Each line is a sheet, an address's row and column, a
# kind, a value, a serial and a formula, with \n, \t and \\ in the value.
suppressMessages(library(openxlsx))
args <- commandArgs(trailingOnly = TRUE)
lines <- strsplit(readLines(args[1], encoding = "UTF-8"), "\t", fixed = TRUE)
plain <- function(s) {
  s <- gsub("\\\\", "\001", s, fixed = TRUE)
  s <- gsub("\\n", "\n", s, fixed = TRUE)
  s <- gsub("\\t", "\t", s, fixed = TRUE)
  gsub("\001", "\\", s, fixed = TRUE)
}
wb <- createWorkbook()
for (l in lines) {
  l <- c(l, rep("", 7 - length(l)))
  sheet <- l[1]
  if (l[4] == "sheet") {
    addWorksheet(wb, sheet, visible = l[5] != "hidden")
    next
  }
  row <- as.integer(l[2])
  col <- as.integer(l[3])
  put <- function(x) writeData(wb, sheet, x, startRow = row, startCol = col, colNames = FALSE)
  look <- function(f) addStyle(wb, sheet, createStyle(numFmt = f), rows = row, cols = col)
  v <- plain(l[5])
  Encoding(v) <- "UTF-8"
  if (l[7] != "") {
    writeFormula(wb, sheet, l[7], startRow = row, startCol = col) # it can't store what a formula gave
  } else if (l[4] %in% c("text", "empty")) {
    put(v)
  } else if (l[4] == "number") {
    put(as.numeric(v))
  } else if (l[4] == "percent") {
    put(as.numeric(v))
    look("0%")
  } else if (l[4] == "bool") {
    put(v == "TRUE")
  } else if (l[4] %in% c("date", "datetime", "time")) {
    put(as.numeric(l[6]))
    look(c(date = "yyyy-mm-dd", datetime = "yyyy-mm-dd hh:mm:ss", time = "hh:mm:ss")[[l[4]]])
  } else if (l[4] == "error") {
    if (v == "#N/A") put(NA_real_) else put(Inf)
  } else if (l[4] == "merged") {
    mergeCells(wb, sheet, rows = row:as.integer(l[5]), cols = col:as.integer(l[6]))
  } else if (l[4] == "hiddenRow") {
    setRowHeights(wb, sheet, row, 0)
  }
}
saveWorkbook(wb, args[2], overwrite = TRUE)
