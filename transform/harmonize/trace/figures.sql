-- Purpose: the cells that observations were made from, step by step backwards:
-- a sum of parts to its parts, a parent code to its children, a year to its
-- months, each time the same rows that the step took (one a key: the figure as
-- reported before one that was made), down to keys that stand in cells.
-- One row: one figure behind one observation. Parameter: a list of obs_id.
WITH RECURSIVE o AS (SELECT * FROM observation WHERE obs_id IN (SELECT unnest(CAST(? AS BIGINT[])))),
table_of AS (SELECT DISTINCT submission_id, breakdown, REF_AREA, INDICATOR, UNIT_MEASURE FROM o),
near AS ( -- what the file says of the same indicator
    SELECT x.*, x.derivation = 'check' AS checks, a.parent AS age_parent, e.parent AS form_parent,
        row_number() OVER (PARTITION BY x.submission_id, x.breakdown, x.REF_AREA, x.INDICATOR, x.UNIT_MEASURE, x.derivation = 'check', x.FREQ, x.SEX, x.AGE, x.EXPLOITATION,
            x.CITIZENSHIP, x.ORIGIN, x.TRANSIT, x.DESTINATION, x.TIME_PERIOD, x.UNIT_MULT, x.COUNTING_UNIT, x.VICTIM_STATUS ORDER BY x.step, x.obs_id) = 1 AS best
    FROM observation x SEMI JOIN table_of USING (submission_id, breakdown, REF_AREA, INDICATOR, UNIT_MEASURE)
    LEFT JOIN codelist a ON a.list = 'CL_AGE' AND a.code = x.AGE
    LEFT JOIN codelist e ON e.list = 'CL_EXPLOITATION' AND e.code = x.EXPLOITATION
    WHERE x.step <> '30_counted'),
short AS ( -- months or quarters: those that make up a whole period
    SELECT p.submission_id, p.breakdown, p.REF_AREA, p.INDICATOR, p.UNIT_MEASURE, p.TIME_PERIOD, n.FREQ
    FROM (SELECT DISTINCT submission_id, breakdown, REF_AREA, INDICATOR, UNIT_MEASURE, TIME_PERIOD, period_start(TIME_PERIOD) AS a, period_months(TIME_PERIOD) AS m FROM near WHERE step = '25_months') p
    JOIN near n USING (submission_id, breakdown, REF_AREA, INDICATOR, UNIT_MEASURE)
    WHERE n.step < '25' AND n.FREQ IN ('M', 'Q') AND period_start(n.TIME_PERIOD) >= a AND period_start(n.TIME_PERIOD) < a + to_months(CAST(m AS INTEGER))
    GROUP BY p.submission_id, p.breakdown, p.REF_AREA, p.INDICATOR, p.UNIT_MEASURE, p.TIME_PERIOD, n.FREQ, m
    HAVING count(DISTINCT n.TIME_PERIOD) * min(period_months(n.TIME_PERIOD)) = m
    QUALIFY row_number() OVER (PARTITION BY p.submission_id, p.breakdown, p.REF_AREA, p.INDICATOR, p.UNIT_MEASURE, p.TIME_PERIOD ORDER BY n.FREQ) = 1),
walk AS (
    SELECT n.obs_id AS root, n.*, s.FREQ AS parts_freq FROM near n JOIN o USING (obs_id)
    LEFT JOIN short s ON s.submission_id = n.submission_id AND s.breakdown = n.breakdown AND s.REF_AREA = n.REF_AREA AND s.INDICATOR = n.INDICATOR
        AND s.UNIT_MEASURE = n.UNIT_MEASURE AND s.TIME_PERIOD = n.TIME_PERIOD
    UNION ALL
    SELECT p.root, x.*, s.FREQ FROM walk p JOIN near x ON x.submission_id = p.submission_id AND x.breakdown = p.breakdown AND x.REF_AREA = p.REF_AREA
        AND x.INDICATOR = p.INDICATOR AND x.UNIT_MEASURE = p.UNIT_MEASURE AND x.REF_YEAR = p.REF_YEAR -- no step adds over years
        AND x.best AND x.checks = p.checks AND x.step < p.step AND x.UNIT_MULT = p.UNIT_MULT
        AND x.COUNTING_UNIT = p.COUNTING_UNIT AND x.VICTIM_STATUS = p.VICTIM_STATUS AND x.TRANSIT = p.TRANSIT
        AND CASE p.step
            WHEN '50_totals' THEN x.FREQ = p.FREQ AND x.TIME_PERIOD = p.TIME_PERIOD AND coalesce(x.age_parent, '') = '' AND coalesce(x.form_parent, '') = ''
                AND CASE WHEN list_contains(string_split(p.summed_over, ','), 'SEX') THEN x.SEX <> '_T' ELSE x.SEX = p.SEX END
                AND CASE WHEN list_contains(string_split(p.summed_over, ','), 'AGE') THEN x.AGE <> '_T' ELSE x.AGE = p.AGE END
                AND CASE WHEN list_contains(string_split(p.summed_over, ','), 'EXPLOITATION') THEN x.EXPLOITATION <> '_T' ELSE x.EXPLOITATION = p.EXPLOITATION END
                AND CASE WHEN list_contains(string_split(p.summed_over, ','), 'CITIZENSHIP') THEN x.CITIZENSHIP <> '_T' ELSE x.CITIZENSHIP = p.CITIZENSHIP END
                AND CASE WHEN list_contains(string_split(p.summed_over, ','), 'ORIGIN') THEN x.ORIGIN <> '_T' ELSE x.ORIGIN = p.ORIGIN END
                AND CASE WHEN list_contains(string_split(p.summed_over, ','), 'DESTINATION') THEN x.DESTINATION <> '_T' ELSE x.DESTINATION = p.DESTINATION END
            WHEN '25_months' THEN x.FREQ = p.parts_freq AND period_start(x.TIME_PERIOD) >= period_start(p.TIME_PERIOD)
                AND period_start(x.TIME_PERIOD) < period_start(p.TIME_PERIOD) + to_months(CAST(period_months(p.TIME_PERIOD) AS INTEGER))
                AND x.SEX = p.SEX AND x.AGE = p.AGE AND x.EXPLOITATION = p.EXPLOITATION AND x.CITIZENSHIP = p.CITIZENSHIP AND x.ORIGIN = p.ORIGIN AND x.DESTINATION = p.DESTINATION
            WHEN '40_rollup_age' THEN x.age_parent = p.AGE AND x.EXPLOITATION = p.EXPLOITATION AND x.FREQ = p.FREQ AND x.TIME_PERIOD = p.TIME_PERIOD
                AND x.SEX = p.SEX AND x.CITIZENSHIP = p.CITIZENSHIP AND x.ORIGIN = p.ORIGIN AND x.DESTINATION = p.DESTINATION
            WHEN '41_rollup_exploitation' THEN x.form_parent = p.EXPLOITATION AND x.AGE = p.AGE AND x.FREQ = p.FREQ AND x.TIME_PERIOD = p.TIME_PERIOD
                AND x.SEX = p.SEX AND x.CITIZENSHIP = p.CITIZENSHIP AND x.ORIGIN = p.ORIGIN AND x.DESTINATION = p.DESTINATION
            ELSE false END
    LEFT JOIN short s ON s.submission_id = x.submission_id AND s.breakdown = x.breakdown AND s.REF_AREA = x.REF_AREA AND s.INDICATOR = x.INDICATOR
        AND s.UNIT_MEASURE = x.UNIT_MEASURE AND s.TIME_PERIOD = x.TIME_PERIOD)
SELECT w.root AS obs_id, f.sheet, f.cell, f.raw_text, f.area_detail, f.TIME_PERIOD
FROM walk w JOIN figure f ON f.submission_id = w.submission_id AND f.breakdown = w.breakdown AND (f.role = 'check') = w.checks
    AND f.FREQ = w.FREQ AND f.REF_AREA = w.REF_AREA AND f.INDICATOR = w.INDICATOR AND f.SEX = w.SEX AND f.AGE = w.AGE AND f.EXPLOITATION = w.EXPLOITATION
    AND f.CITIZENSHIP = w.CITIZENSHIP AND f.ORIGIN = w.ORIGIN AND f.TRANSIT = w.TRANSIT AND f.DESTINATION = w.DESTINATION AND f.TIME_PERIOD = w.TIME_PERIOD
    AND f.UNIT_MEASURE = w.UNIT_MEASURE AND f.UNIT_MULT = w.UNIT_MULT AND f.COUNTING_UNIT = w.COUNTING_UNIT AND f.VICTIM_STATUS = w.VICTIM_STATUS
WHERE (w.step = '10_reported' AND f.area_detail = '') OR (w.step = '20_places' AND f.area_detail <> '') OR (w.step = '60_received' AND f.sheet = w.sheet AND f.cell = w.cell)
ORDER BY w.root, f.row_seq
