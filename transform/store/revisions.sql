-- What a newer file of the same layout tells otherwise than the one whose place it took.
-- One row is: one reported figure, or one counted from case rows, that changed, that came
-- newly into a breakdown reported before, or that is no longer in it. Of what was counted from
-- case rows no figure is shown. Inputs: observation, submission. Parameter: $since (YYYY-MM-DD: what
-- was received after that day; empty: ever).
WITH vintage AS (
    SELECT o.*, s.layout, s.seq, s.file_name, s.received_at,
        codes_told(SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION) AS about,
        CASE WHEN derivation = 'counted' THEN '…' ELSE figure_told(OBS_VALUE, LOWER_BOUND, UPPER_BOUND, OBS_STATUS) END AS figure
    FROM observation o JOIN submission s USING (submission_id)
    WHERE o.preferred AND o.derivation IN ('reported', 'counted')),
-- A newer file takes the place of an older one by breakdown and period.
told AS (
    SELECT DISTINCT layout, SOURCE_AGENCY, REF_AREA, INDICATOR, breakdown, TIME_PERIOD, seq, file_name, received_at, submission_id FROM vintage),
step AS (
    SELECT *, lag(seq) OVER (PARTITION BY layout, SOURCE_AGENCY, REF_AREA, INDICATOR, breakdown, TIME_PERIOD ORDER BY seq) AS older FROM told),
numbered AS (
    SELECT *, row_number() OVER (PARTITION BY seq, SOURCE_AGENCY, REF_AREA, INDICATOR, breakdown, TIME_PERIOD, about, FREQ, COUNTING_UNIT, VICTIM_STATUS, UNIT_MEASURE, summed_over
        ORDER BY OBS_VALUE, LOWER_BOUND, obs_id) AS n FROM vintage),
newer AS (SELECT v.*, step.seq AS in_seq FROM numbered v JOIN step USING (layout, SOURCE_AGENCY, REF_AREA, INDICATOR, breakdown, TIME_PERIOD, seq) WHERE step.older IS NOT NULL),
older AS (SELECT v.*, step.seq AS in_seq, step.file_name AS by_file, step.received_at AS by_time, step.submission_id AS by_submission
    FROM numbered v JOIN step ON v.layout = step.layout AND v.SOURCE_AGENCY = step.SOURCE_AGENCY AND v.REF_AREA = step.REF_AREA AND v.INDICATOR = step.INDICATOR
        AND v.breakdown = step.breakdown AND v.TIME_PERIOD = step.TIME_PERIOD AND v.seq = step.older)
SELECT CASE WHEN o.obs_id IS NULL THEN 'new' WHEN n.obs_id IS NULL THEN 'gone' ELSE 'changed' END AS change,
    REF_AREA, SOURCE_AGENCY, INDICATOR, about, TIME_PERIOD, coalesce(o.figure, '') AS before, coalesce(n.figure, '') AS after,
    CASE WHEN o.derivation = 'reported' AND o.OBS_VALUE <> 0 THEN 100 * (n.OBS_VALUE - o.OBS_VALUE) / o.OBS_VALUE END AS percent,
    coalesce(n.received_at, o.by_time) AS received_at, coalesce(n.file_name, o.by_file) AS file_name,
    CASE WHEN n.derivation = 'reported' THEN ltrim(concat_ws('!', nullif(n.sheet, ''), n.cell), '!') ELSE '' END AS cell,
    coalesce(n.submission_id, o.by_submission) AS submission_id
FROM older o FULL JOIN newer n USING (layout, SOURCE_AGENCY, REF_AREA, INDICATOR, breakdown, TIME_PERIOD, in_seq, about, FREQ, COUNTING_UNIT, VICTIM_STATUS, UNIT_MEASURE, summed_over, n)
WHERE (n.OBS_VALUE IS DISTINCT FROM o.OBS_VALUE OR n.LOWER_BOUND IS DISTINCT FROM o.LOWER_BOUND OR n.UPPER_BOUND IS DISTINCT FROM o.UPPER_BOUND
        OR n.OBS_STATUS IS DISTINCT FROM o.OBS_STATUS OR n.UNIT_MULT IS DISTINCT FROM o.UNIT_MULT)
    AND ($since = '' OR coalesce(n.received_at, o.by_time) >= TRY_CAST($since AS DATE) + INTERVAL 1 DAY)
ORDER BY REF_AREA, SOURCE_AGENCY, INDICATOR, TIME_PERIOD, in_seq, about, breakdown, change, before, after
