-- The current observations as a table of the connection, in the place of the
-- view that works them out from all vintages each time it is read.
CREATE TEMP TABLE held AS FROM observation_current;
DROP VIEW IF EXISTS temp.observation_current;
ALTER TABLE held RENAME TO observation_current;
