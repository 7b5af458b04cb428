-- Purpose: what is exported: all that was chosen but for what has no line.
-- One row: one observation. Inputs: sdmx_chosen.
CREATE OR REPLACE TEMP VIEW sdmx_observation AS SELECT * EXCLUDE (untold) FROM sdmx_chosen WHERE NOT untold
