// Package sdmx writes what the store holds as an SDMX exchange: the structures
// (concepts, code lists in four languages, data structure definition, dataflow,
// providers, provision agreements, categories, metadata structure), the data, and the
// reference metadata. In SDMX 3.0 that is SDMX-ML 3.0, SDMX-JSON 2 and SDMX-CSV 2.0; for
// receivers that read nothing newer, SDMX-ML 2.1 (data both structure-specific and
// generic) and SDMX-CSV 1.0. Files lists what each version has.
//
// There is one model (artefact.go), that of 3.0; the files that end in 21 say how 2.1
// writes it. It has no words for whether the measure must be said and whether a text of
// the data is of several languages: by its own rules neither is so. The constraint of
// Availability is not written there, and SDMX-CSV 1.0 has no actions (ErrNoActions).
//
// What the artefacts are is data: sdmx.yaml, the components of
// transform/record/structure.csv, and the code lists.
//
// The observations are read through the connection that the caller gives, so that
// what disclosure control withholds is withheld here: OBS_STATUS Q, CONF_STATUS C and
// no value. They are streamed, so that their number is not bounded by memory. There
// is no clock: a message is prepared when the newest file was received, and the same
// store gives the same bytes. Its id has a digest of its content, so that what the policy
// or the vocabulary makes of the same files is another message.
//
// An export may be held in memory instead (Freeze), without the store: then many may ask
// at the same time for parts of the data (Select), of the structures (Structure) and of
// the reports (MetadataSets), which are written as the whole is. The room rest does so.
//
// A data provider is a source agency (CL_AGENCY), as in the dimension SOURCE_AGENCY.
// A provision agreement is what one agency sends of one State: UNODC sends figures of
// many States, one State has several agencies, and NATIONAL is another authority in
// each. It is what a report on coverage and quality is about, so that reference
// metadata is attached there.
package sdmx
