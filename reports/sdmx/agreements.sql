-- Purpose: which agency sent figures of which State. One row: one of each.
-- Inputs: sdmx_observation.
SELECT DISTINCT REF_AREA, SOURCE_AGENCY FROM sdmx_observation ORDER BY REF_AREA, SOURCE_AGENCY
