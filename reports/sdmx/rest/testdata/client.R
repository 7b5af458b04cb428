# Reads the data of a service by rsdmx (SDMX-ML 3.0), and by R's own reader (SDMX-CSV).
suppressMessages(library(rsdmx))
url <- paste0(commandArgs(TRUE)[1], "/data/dataflow/OAS/TIP/1.0.0/A.ARG?lastNObservations=1")
get <- function(accept) {
  file <- tempfile()
  download.file(url, file, quiet = TRUE, headers = c(Accept = accept))
  file
}
xml <- as.data.frame(readSDMX(get("application/vnd.sdmx.data+xml;version=3.0.0"), isURL = FALSE))
csv <- read.csv(get("application/vnd.sdmx.data+csv;version=2.0.0"), colClasses = "character", na.strings = "")
key <- function(d) paste(d$INDICATOR, d$SEX, d$AGE, d$CITIZENSHIP, d$TIME_PERIOD, as.numeric(d$OBS_VALUE))
stopifnot(nrow(xml) > 10, identical(sort(key(xml)), sort(key(csv))))
cat(nrow(xml), "observations\n")
