-- What a State said in the form of one year: its figures, one row a cell of a
-- table (or a total that was made of them), and what it said of them. Of several
-- rows for one cell, the reported one.
-- Parameters: the id of the form, the State, the year.
SELECT o.breakdown, o.INDICATOR, o.SEX, o.AGE, o.EXPLOITATION, o.CITIZENSHIP, o.ORIGIN, o.TRANSIT, o.DESTINATION,
    o.OBS_VALUE, o.VICTIM_STATUS, o.IDENTIFIED_BY, o.COVERAGE, o.LEGAL_ARTICLE, o.TIME_PERIOD
FROM observation_current o JOIN submission s USING (submission_id)
WHERE s.layout = ? AND o.REF_AREA = ? AND o.FREQ = 'A' AND left(o.TIME_PERIOD, 4) = ?
QUALIFY row_number() OVER (PARTITION BY o.breakdown, o.INDICATOR, o.SEX, o.AGE, o.EXPLOITATION, o.CITIZENSHIP, o.ORIGIN, o.TRANSIT, o.DESTINATION
    ORDER BY o.derivation <> 'reported', o.obs_id) = 1
ORDER BY o.obs_id;
