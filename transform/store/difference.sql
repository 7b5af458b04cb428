-- What a second reading of the same bytes tells otherwise than the first.
-- One row: one observation, or one action of a State under a treaty, that is new, gone, or of
-- which anything is said otherwise. Of what was counted from case rows no figure is shown.
-- Inputs: observation, treaty_action, case_row. The parameters are the older reading and the
-- newer one, three times.
WITH cases AS (SELECT count(*) > 0 AS are FROM case_row WHERE submission_id IN ($older, $newer)),
place AS (
    SELECT submission_id, REF_AREA, concat_ws(' ', REF_AREA, INDICATOR, nullif(codes_told(SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION), ''),
            COUNTING_UNIT, VICTIM_STATUS, TIME_PERIOD) AS about,
        concat_ws('|', breakdown, derivation, FREQ, about, UNIT_MEASURE, UNIT_MULT, SOURCE_AGENCY, summed_over) AS key,
        CASE WHEN (SELECT are FROM cases) THEN '…' ELSE figure_told(OBS_VALUE, LOWER_BOUND, UPPER_BOUND, OBS_STATUS) END AS figure,
        CASE WHEN (SELECT are FROM cases) THEN '' ELSE ltrim(concat_ws('!', nullif(sheet, ''), cell), '!') END AS cell,
        json_merge_patch(to_json(o), '{"obs_id": null, "submission_id": null, "step": null}') AS said
    FROM observation o WHERE submission_id IN ($older, $newer)
    UNION ALL
    SELECT submission_id, REF_AREA, concat_ws(' ', REF_AREA, INSTRUMENT, ACTION) AS about, concat_ws('|', about, cell), ACTION_DATE::VARCHAR, ltrim(concat_ws('!', nullif(sheet, ''), cell), '!'), json_object('ACTION_DATE', ACTION_DATE)
    FROM treaty_action WHERE submission_id IN ($older, $newer)),
numbered AS (SELECT *, row_number() OVER (PARTITION BY submission_id, key ORDER BY said) AS n FROM place),
older AS (FROM numbered WHERE submission_id = $older),
newer AS (FROM numbered WHERE submission_id = $newer)
SELECT CASE WHEN o.key IS NULL THEN 'new' WHEN n.key IS NULL THEN 'gone' ELSE 'changed' END AS change,
    coalesce(n.about, o.about) AS about, coalesce(o.figure, '') AS before, coalesce(n.figure, '') AS after, coalesce(n.cell, o.cell) AS cell,
    CASE WHEN o.key IS NULL OR n.key IS NULL THEN '' ELSE coalesce(array_to_string(list_filter(json_keys(n.said), lambda k: json_extract(n.said, k) IS DISTINCT FROM json_extract(o.said, k)), ' '), '') END AS what
FROM older o FULL JOIN newer n ON o.key = n.key AND o.n = n.n
WHERE o.said IS DISTINCT FROM n.said
ORDER BY change = 'new', change = 'gone', before = after, about, coalesce(n.key, o.key), coalesce(n.n, o.n)
