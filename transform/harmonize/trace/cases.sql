-- Purpose: the case rows that an observation counts: their row numbers and
-- nothing else of them. One row: one sheet's run of rows. Parameter: obs_id.
WITH RECURSIVE o AS (SELECT * FROM observation WHERE obs_id = ?),
below AS (
    SELECT list, code AS top, code FROM codelist WHERE list IN ('CL_AGE', 'CL_EXPLOITATION')
    UNION ALL
    SELECT b.list, b.top, c.code FROM below b JOIN codelist c ON c.list = b.list AND c.parent = b.code),
hit AS (
    SELECT c.sheet, c.row_no, c.row_no - row_number() OVER (PARTITION BY c.sheet ORDER BY c.row_no) AS run
    FROM o JOIN case_row c ON c.submission_id = o.submission_id AND c.REF_AREA = o.REF_AREA AND c.INDICATOR = o.INDICATOR
        AND c.COUNTING_UNIT = o.COUNTING_UNIT AND c.VICTIM_STATUS = o.VICTIM_STATUS
        AND period_start(c.TIME_PERIOD) >= period_start(o.TIME_PERIOD)
        AND period_start(c.TIME_PERIOD) + to_months(CAST(period_months(c.TIME_PERIOD) AS INTEGER))
            <= period_start(o.TIME_PERIOD) + to_months(CAST(period_months(o.TIME_PERIOD) AS INTEGER))
        AND o.SEX IN ('_T', c.SEX) AND o.CITIZENSHIP IN ('_T', c.CITIZENSHIP) AND o.ORIGIN IN ('_T', c.ORIGIN) AND o.DESTINATION IN ('_T', c.DESTINATION)
        AND (o.AGE = '_T' OR c.AGE IN (SELECT code FROM below WHERE list = 'CL_AGE' AND top = o.AGE))
        AND (o.EXPLOITATION = '_T' OR c.EXPLOITATION IN (SELECT code FROM below WHERE list = 'CL_EXPLOITATION' AND top = o.EXPLOITATION)))
SELECT sheet, 'A' || min(row_no) || CASE WHEN count(*) > 1 THEN ':A' || max(row_no) ELSE '' END AS cell, count(*) AS n
FROM hit GROUP BY sheet, run ORDER BY sheet, min(row_no);
