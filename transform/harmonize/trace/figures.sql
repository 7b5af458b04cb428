-- Purpose: the cells that an observation was made from.
-- One row: one figure of the same submission that falls under the observation's
-- key: the same code, a code below it, or any code of a dimension that the
-- step summed over. Parameter: obs_id.
WITH RECURSIVE o AS (SELECT * FROM observation WHERE obs_id = ?),
below AS (
    SELECT list, code AS top, code FROM codelist WHERE list IN ('CL_AGE', 'CL_EXPLOITATION')
    UNION ALL
    SELECT b.list, b.top, c.code FROM below b JOIN codelist c ON c.list = b.list AND c.parent = b.code)
SELECT f.sheet, f.cell, f.raw_text, f.area_detail, f.TIME_PERIOD
FROM o JOIN figure f ON f.submission_id = o.submission_id AND f.breakdown = o.breakdown AND f.REF_AREA = o.REF_AREA AND f.INDICATOR = o.INDICATOR
    AND f.COUNTING_UNIT = o.COUNTING_UNIT AND f.VICTIM_STATUS = o.VICTIM_STATUS AND f.UNIT_MEASURE = o.UNIT_MEASURE
    AND (f.role = 'check') = (o.derivation = 'check')
    AND (f.TIME_PERIOD = o.TIME_PERIOD OR (list_contains(string_split(o.summed_over, ','), 'TIME_PERIOD')
        AND period_start(f.TIME_PERIOD) >= period_start(o.TIME_PERIOD) AND period_months(f.TIME_PERIOD) < period_months(o.TIME_PERIOD)
        AND period_start(f.TIME_PERIOD) < period_start(o.TIME_PERIOD) + to_months(period_months(o.TIME_PERIOD))))
    AND CASE WHEN list_contains(string_split(o.summed_over, ','), 'SEX') AND o.SEX = '_T' THEN f.SEX <> '_T' ELSE f.SEX = o.SEX END
    AND CASE WHEN list_contains(string_split(o.summed_over, ','), 'AGE') AND o.AGE = '_T' THEN f.AGE <> '_T'
        ELSE f.AGE IN (SELECT code FROM below WHERE list = 'CL_AGE' AND top = o.AGE) AND (f.AGE = o.AGE OR o.derivation <> 'reported') END
    AND CASE WHEN list_contains(string_split(o.summed_over, ','), 'EXPLOITATION') AND o.EXPLOITATION = '_T' THEN f.EXPLOITATION <> '_T'
        ELSE f.EXPLOITATION IN (SELECT code FROM below WHERE list = 'CL_EXPLOITATION' AND top = o.EXPLOITATION) END
    AND CASE WHEN list_contains(string_split(o.summed_over, ','), 'CITIZENSHIP') AND o.CITIZENSHIP = '_T' THEN f.CITIZENSHIP <> '_T' ELSE f.CITIZENSHIP = o.CITIZENSHIP END
    AND CASE WHEN list_contains(string_split(o.summed_over, ','), 'ORIGIN') AND o.ORIGIN = '_T' THEN f.ORIGIN <> '_T' ELSE f.ORIGIN = o.ORIGIN END
    AND CASE WHEN list_contains(string_split(o.summed_over, ','), 'DESTINATION') AND o.DESTINATION = '_T' THEN f.DESTINATION <> '_T' ELSE f.DESTINATION = o.DESTINATION END
    AND f.TRANSIT = o.TRANSIT
ORDER BY f.row_seq;
