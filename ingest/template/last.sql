-- What a State said in the form of one year: its figures, one row a cell of a
-- table (or a total that was made of them), and what it said of them. Of several
-- rows for one cell, the reported one. A row of which all sexes are known and no
-- total was made (finer codes have none) has their sum.
-- Parameters: the id of the form, the State, the year.
WITH said AS (
    SELECT o.obs_id, o.breakdown, o.INDICATOR, o.SEX, o.AGE, o.EXPLOITATION, o.CITIZENSHIP, o.ORIGIN, o.TRANSIT, o.DESTINATION,
        o.OBS_VALUE, o.VICTIM_STATUS, o.IDENTIFIED_BY, o.COVERAGE, o.LEGAL_ARTICLE, o.TIME_PERIOD
    FROM observation_current o JOIN submission s USING (submission_id)
    WHERE s.layout = ? AND o.REF_AREA = ? AND o.FREQ = 'A' AND left(o.TIME_PERIOD, 4) = ?
    QUALIFY row_number() OVER (PARTITION BY o.breakdown, o.INDICATOR, o.SEX, o.AGE, o.EXPLOITATION, o.CITIZENSHIP, o.ORIGIN, o.TRANSIT, o.DESTINATION
        ORDER BY o.derivation <> 'reported', o.obs_id) = 1),
made AS (
    SELECT max(obs_id) AS obs_id, breakdown, INDICATOR, '_T' AS SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION,
        sum(OBS_VALUE) AS OBS_VALUE, VICTIM_STATUS, IDENTIFIED_BY, COVERAGE, LEGAL_ARTICLE, TIME_PERIOD
    FROM said WHERE SEX <> '_T'
    GROUP BY ALL
    HAVING count(OBS_VALUE) = 4 -- women, men, other and unknown, as the form asks
      AND (breakdown, INDICATOR, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION) NOT IN (
        SELECT (breakdown, INDICATOR, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION) FROM said WHERE SEX = '_T'))
SELECT * EXCLUDE (obs_id) FROM (FROM said UNION ALL BY NAME FROM made)
ORDER BY obs_id, SEX = '_T';
