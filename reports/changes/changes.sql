-- Purpose: what moved since the last pack.
-- One row is: one figure that moved, or the new figures of one State in one table.
-- Inputs: none of the store; $changes (JSON) is what tipstat found by comparing.
SELECT * FROM (SELECT unnest(from_json($changes, '[{"place":"INTEGER","TABLE":"VARCHAR","REF_AREA":"VARCHAR","SERIES":"VARCHAR","BEFORE":"VARCHAR","AFTER":"VARCHAR","CHANGE":"VARCHAR","WHY":"VARCHAR","SUBMISSION_ID":["VARCHAR"]}]'), recursive := true))
ORDER BY place
