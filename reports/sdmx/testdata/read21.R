# Reads an export as SDMX 2.1 by rsdmx, and holds it against its csv and what codes.csv
# and components.csv say of its structures.
suppressMessages(library(rsdmx))
dir <- commandArgs(TRUE)[1]
text <- function(name) read.csv(file.path(dir, name), colClasses = "character", na.strings = "", encoding = "UTF-8")
sdmx <- function(name) suppressWarnings(readSDMX(file.path(dir, name), isURL = FALSE))

# The data: every figure, of every key, with its status.
want <- text("data.csv")
dimensions <- names(want)[2:16]
said <- c("OBS_STATUS", "CONF_STATUS", "LOWER_BOUND", "UPPER_BOUND", "DERIVATION", "COMPARABILITY")
lines <- function(d) sort(do.call(paste, c(lapply(c(dimensions, said), function(c) d[[c]]), list(as.numeric(d$OBS_VALUE)))))
for (name in c("data.xml", "generic.xml")) {
  got <- suppressWarnings(as.data.frame(sdmx(name)))
  if (name == "generic.xml") got <- within(got, { TIME_PERIOD <- obsTime; OBS_VALUE <- obsValue })
  stopifnot(nrow(got) > 50, any(is.na(got$OBS_VALUE)), any(!is.na(got$OBS_VALUE)))
  if (!identical(lines(got), lines(want))) stop(name, ": other figures than data.csv\n", paste(head(setdiff(lines(got), lines(want))), collapse = "\n"))
  cat(name, nrow(got), "observations\n")
}

# The structures.
structure <- sdmx("structure.xml")
codes <- text("codes.csv")
lists <- slot(structure, "codelists")
stopifnot(identical(sapply(lists@codelists, function(l) l@id), unique(codes$list)))
for (l in unique(codes$list)) {
  got <- as.data.frame(lists, codelistId = l)
  for (lang in c("en", "es", "pt", "fr")) stopifnot(identical(enc2utf8(got[[paste0("name.", lang)]]), enc2utf8(codes[codes$list == l, lang])))
  stopifnot(identical(got$id, codes[codes$list == l, "id"]))
}
cat(length(lists@codelists), "code lists\n")
parents <- as.data.frame(lists, codelistId = "CL_EXPLOITATION")
stopifnot(parents[parents$id == "SEXUAL_PORNOGRAPHY", "parentCode"] == "SEXUAL")

components <- text("components.csv")
dsd <- slot(structure, "datastructures")@datastructures[[1]]
got <- as.data.frame(dsd@Components)
stopifnot(dsd@id == "TIP", dsd@version == "1.0.0", dsd@agencyID == "OAS", dsd@isFinal,
  identical(got$conceptRef, components$id), identical(got$codelist, components$list))
cat(nrow(got), "components\n")

# (as.data.frame fails for concepts that have names in more than two languages.)
concepts <- slot(structure, "concepts")@conceptSchemes[[1]]@Concept
names <- setNames(lapply(concepts, function(c) c@Name$en), sapply(concepts, function(c) c@id))
stopifnot(all(components$id %in% names(names)), all(unlist(names[components$id]) == components$en))
cat(length(concepts), "concepts\n")

flow <- slot(sdmx("dataflow.xml"), "dataflows")[[1]]
stopifnot(flow@id == "TIP", flow@agencyID == "OAS", flow@version == "1.0.0", flow@dsdRef == "TIP", flow@Name$es == "Trata de personas en los Estados de la OEA")
cat("dataflow", flow@id, "\n")
