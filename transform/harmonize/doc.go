// Package harmonize makes observations from the records of one submission.
//
// The work is SQL, one file a step in steps/, run in the order of their
// names inside the submission's transaction; each has a head comment that says
// what it is for, what one row is and what it takes. Steps write to the
// temporary table work; the last one grades what stands there and puts it into
// the table observation. A step's name is kept with every observation that it
// made, and Trace goes back from an observation to the cells it came from.
package harmonize
