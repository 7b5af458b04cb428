-- Purpose: the years for which the store holds anything.
-- One row: the first and the last.
SELECT coalesce(min(REF_YEAR), 0), coalesce(max(REF_YEAR), 0) FROM observation_current WHERE preferred
