-- Purpose: where a dimension is the same total on every case row (no origin is asked, say), its
-- grouping set repeats the coarser one: keep one row a key.
DELETE FROM work WHERE step = '30_counted' AND rowid NOT IN (
    SELECT min(rowid) FROM work WHERE step = '30_counted'
    GROUP BY FREQ, REF_AREA, INDICATOR, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, DESTINATION, TIME_PERIOD, COUNTING_UNIT, VICTIM_STATUS);
