-- Purpose: the submission's observations: the preferred one of each key is
-- marked (what the State reported, then what is whole, then what is nearest to
-- the report), and each gets its comparability grade, the worst of the rules that
-- its attributes meet (table comparability), or that it came with.
-- Observations counted from case rows have numbers that hang on all these rows, which
-- nobody outside has, scattered over all that a submission may use: numbers are published,
-- and gaps between them, or the greatest, would tell which combinations are withheld, or how
-- many, and so that somebody is there.
-- One row in: one row of work. One row out: one observation. Parameters: the submission, each time.
INSERT INTO observation
WITH shuffle AS (SELECT bit_xor(md5_number(c::VARCHAR))::VARCHAR AS unknown FROM case_row c WHERE submission_id = ?),
scatter AS (
    SELECT *, CASE WHEN (SELECT unknown FROM shuffle) IS NOT NULL THEN 1 + (md5_number(concat_ws('|', (SELECT unknown FROM shuffle), FREQ, REF_AREA, INDICATOR, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN,
            TRANSIT, DESTINATION, TIME_PERIOD, COUNTING_UNIT, VICTIM_STATUS, breakdown, role, step, summed_over, seq)) % 90000000)::BIGINT END AS scattered
    FROM work),
ranked AS (
    SELECT *, row_number() OVER (
        PARTITION BY FREQ, REF_AREA, INDICATOR, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION, TIME_PERIOD,
            UNIT_MEASURE, UNIT_MULT, COUNTING_UNIT, VICTIM_STATUS, SOURCE_AGENCY
        ORDER BY role <> 'figure', derivation <> 'reported', n_missing > 0,
            CASE derivation WHEN 'counted' THEN 2 WHEN 'summed' THEN 3 WHEN 'rolled-up' THEN 4 ELSE 5 END,
            CASE WHEN derivation = 'sum-of-parts' THEN length(summed_over) - length(replace(summed_over, ',', '')) ELSE 0 END,
            breakdown <> 'total', breakdown, summed_over, seq) = 1 AND role = 'figure' AS preferred,
        row_number() OVER (ORDER BY scattered, FREQ, REF_AREA, INDICATOR, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION, TIME_PERIOD,
            COUNTING_UNIT, VICTIM_STATUS, breakdown, role, step, summed_over, seq) AS n
    FROM scatter),
numbered AS ( -- two of the same place stand one after the other
    SELECT *, n + coalesce(max(scattered - n) OVER (ORDER BY n ROWS UNBOUNDED PRECEDING), 0) AS number FROM ranked),
attribute AS (
    SELECT n, INDICATOR, unnest([
        {'name': 'COUNTING_UNIT', 'v': COUNTING_UNIT}, {'name': 'VICTIM_STATUS', 'v': VICTIM_STATUS},
        {'name': 'COVERAGE', 'v': COVERAGE}, {'name': 'IDENTIFIED_BY', 'v': IDENTIFIED_BY}, {'name': 'OBS_STATUS', 'v': OBS_STATUS},
        {'name': 'PERIOD_CONVENTION', 'v': CASE WHEN period_months(TIME_PERIOD) > 12 THEN 'MULTI_YEAR' WHEN period_months(TIME_PERIOD) < 12 THEN 'PART_YEAR'
            WHEN TIME_PERIOD LIKE '%/P1Y' THEN 'FISCAL' WHEN list_contains(string_split(summed_over, ','), 'TIME_PERIOD') THEN 'REBUILT' ELSE 'CALENDAR' END},
        {'name': 'N_MISSING', 'v': CASE WHEN n_missing > 0 THEN '>0' ELSE '0' END},
        {'name': 'CENSORED', 'v': CASE WHEN OBS_VALUE IS NULL AND UPPER_BOUND IS NOT NULL THEN 'TRUE' ELSE 'FALSE' END}], recursive := true)
    FROM ranked),
graded AS (
    SELECT a.n, max(c.grade) AS grade, list(c.rule ORDER BY c.rule) AS reasons
    FROM attribute a JOIN comparability c ON c.attribute = a.name AND c.attribute_value = a.v AND c.INDICATOR IN ('*', a.INDICATOR)
    GROUP BY a.n),
told AS ( -- what the store that a figure was received from says of it
    SELECT sheet, cell, grade, grade_reasons FROM figure WHERE submission_id = ? AND derivation IS NOT NULL)
SELECT (SELECT seq FROM submission WHERE submission_id = ?) * 100000000 + r.number, ?, breakdown,
    FREQ, REF_AREA, INDICATOR, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION, TIME_PERIOD, ref_year(TIME_PERIOD),
    OBS_VALUE, LOWER_BOUND, UPPER_BOUND, UNIT_MEASURE, UNIT_MULT, DECIMALS, OBS_STATUS, CONF_STATUS, COUNTING_UNIT, VICTIM_STATUS,
    IDENTIFIED_BY, COVERAGE, LEGAL_ARTICLE, PERIOD_AS_REPORTED, SOURCE_AGENCY,
    CASE WHEN conflict THEN 'conflict' ELSE COMMENT_OBS END,
    CASE WHEN role = 'check' THEN 'check' ELSE derivation END, step, preferred, n_cells, n_missing, summed_over, r.sheet, r.cell, raw_text,
    -- The worse of both grades: nobody talks a figure into a better one. Of a withheld figure there is none.
    CASE WHEN t.grade = '' AND r.derivation = '' THEN '' ELSE greatest(coalesce(g.grade, 'A'), coalesce(nullif(t.grade, ''), 'A')) END,
    CASE WHEN t.grade = '' AND r.derivation = '' THEN [] ELSE list_sort(list_distinct(list_filter(
        list_concat(coalesce(g.reasons, []), string_split(coalesce(t.grade_reasons, ''), ' ')), x -> x <> ''))) END
FROM numbered r LEFT JOIN graded g USING (n) LEFT JOIN told t ON r.step = '60_received' AND t.sheet = r.sheet AND t.cell = r.cell
ORDER BY r.n;
