# Reads the first sheet of a workbook with readxl, for the benchmark (see
# bench_test.go):
#
#     read.R version      prints the version of readxl
#     read.R read FILE    prints seconds, rows and cells that are not empty
#
# The types of the columns are guessed from the first 1,000 rows, as readxl does
# when it is told nothing. That is quicker than col_types = "text", and would
# lose a text further down in a column of numbers; the benchmark counts cells.
args <- commandArgs(TRUE)
suppressPackageStartupMessages(library(readxl))
if (args[1] == "version") {
  cat(as.character(packageVersion("readxl")), "\n")
  quit()
}
# What read_excel would load on its first call is not reading.
for (p in c("tibble", "cellranger")) loadNamespace(p)
start <- Sys.time()
table <- read_excel(args[2], sheet = 1, col_names = FALSE,
                    .name_repair = "minimal", progress = FALSE)
seconds <- as.numeric(Sys.time() - start, units = "secs")
filled <- vapply(table, function(column) !is.na(column), logical(nrow(table)))
cat(seconds, sum(rowSums(filled) > 0), sum(filled), "\n")
