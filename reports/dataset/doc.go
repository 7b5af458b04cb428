// Package dataset writes the observations as a data set for other systems: one
// folder that explains itself. In it are the figures as Parquet (a file for each
// record and State), as one Arrow file or as one csv; the code lists as csv in four
// languages; a Data Package (datapackage.json) with the schema of each table and its
// keys; for csv also "Metadata Vocabulary for Tabular Data" (CSVW); and DCAT as
// JSON-LD, with which open data portals harvest.
//
// The rows are those that tables use (preferred), of the States of the OAS, as they are
// read through a connection from which disclosure control has taken what may not be
// published. The columns are those of the structure (transform/record) and a few
// beside it (dataset.yaml); nothing else of an observation is read into this package.
//
// Nothing hangs on a clock: the same store and the same options give the same bytes.
package dataset
