// Package rest answers the SDMX REST API 2.x (https://github.com/sdmx-twg/sdmx-rest,
// doc/*.md of v2.1.0), read only, from an export that is held in memory (reports/sdmx).
//
// A Handler holds no file, and asks no clock once it has an export: who makes the exports gives it a new one
// (Publish) when the store has changed, and requests that are under way end with the old
// one. So any number of clients, slow ones too, read at the same time.
//
// What is answered, by the files of the specification:
//
//   - structures.md: /structure/{type}/{agency}/{id}/{version}/{item}, detail, references
//   - data.md: /data/{context}/{agency}/{id}/{version}/{key}, c, updatedAfter,
//     firstNObservations, lastNObservations, dimensionAtObservation (TIME_PERIOD and
//     AllDimensions), attributes, measures, offset, limit
//   - availability.md: /availability/…/{key}/{component}, mode, references
//   - metadata.md: /metadata/metadataset, /metadata/metadataflow, /metadata/structure
//   - schema.md: /schema/{context}/{agency}/{id}/{version}, dimensionAtObservation
//   - representations of SDMX 2.1 of structures, schemas and data, for older clients
//   - content_negotiation.md, querying_versions.md, status.md
//
// What the specification knows and is not here is answered with 501: provision
// agreements as the context of data, other dimensions at the observation, history, asOf
// and other orders than that of the key.
//
// An answer has Last-Modified, when what is served was first served (whoever publishes it
// knows that over a restart), and an ETag of all that is served.
package rest
