# Reads the data of a service by rsdmx (SDMX-ML 3.0 and 2.1), and by R's own reader
# (SDMX-CSV), and the structures by rsdmx (SDMX-ML 2.1).
suppressMessages(library(rsdmx))
root <- commandArgs(TRUE)[1]
data <- "/data/dataflow/OAS/TIP/1.0.0/A.ARG?lastNObservations=1"
get <- function(accept, path = data) {
  file <- tempfile()
  download.file(paste0(root, path), file, quiet = TRUE, headers = c(Accept = accept))
  file
}
csv <- read.csv(get("application/vnd.sdmx.data+csv;version=2.0.0"), colClasses = "character", na.strings = "")
key <- function(d) paste(d$INDICATOR, d$SEX, d$AGE, d$CITIZENSHIP, d$TIME_PERIOD, as.numeric(d$OBS_VALUE))
for (kind in c("data+xml;version=3.0.0", "structurespecificdata+xml;version=2.1", "genericdata+xml;version=2.1")) {
  xml <- suppressWarnings(as.data.frame(readSDMX(get(paste0("application/vnd.sdmx.", kind)), isURL = FALSE)))
  if (kind == "genericdata+xml;version=2.1") xml <- within(xml, { TIME_PERIOD <- obsTime; OBS_VALUE <- obsValue })
  stopifnot(nrow(xml) > 10, identical(sort(key(xml)), sort(key(csv))))
  cat(kind, nrow(xml), "observations\n")
}
structure <- readSDMX(get("application/vnd.sdmx.structure+xml;version=2.1", "/structure/datastructure/OAS/TIP/+?references=children"), isURL = FALSE)
components <- as.data.frame(slot(structure, "datastructures")@datastructures[[1]]@Components)
stopifnot(c("FREQ", "TIME_PERIOD", "OBS_VALUE", "CONF_STATUS") %in% components$conceptRef)
sexes <- as.data.frame(slot(structure, "codelists"), codelistId = "CL_SEX")
stopifnot(sexes[sexes$id == "F", "name.pt"] == "Feminino")
cat(nrow(components), "components\n")
