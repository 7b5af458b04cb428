-- Words that the rules share. They are made anew for each submission, before
-- its rules run; every parameter is the submission.

-- A figure as text: 12, or 5–9 when only its bounds are known.
CREATE OR REPLACE TEMP MACRO shown(lo, up) AS CASE WHEN lo = up THEN printf('%.15g', lo) ELSE printf('%.15g–', lo) || coalesce(printf('%.15g', up), '') END;
-- A cell of another file, which a finding can't point at.
CREATE OR REPLACE TEMP MACRO elsewhere(file, sheet, cell) AS CASE WHEN file = '' THEN '' ELSE ', ' || file || ' ' || CASE WHEN sheet = '' THEN '' ELSE '''' || sheet || '''!' END || cell END;
-- What a figure is about, but for what is total.
CREATE OR REPLACE TEMP MACRO about(sex, age, exploitation, citizenship, origin, transit, destination) AS
    concat_ws(' ', nullif(sex, '_T'), nullif(age, '_T'), nullif(exploitation, '_T'), nullif(citizenship, '_T'), nullif(origin, '_T'), nullif(transit, '_T'), nullif(destination, '_T'));
CREATE OR REPLACE TEMP MACRO no_parts(sex, age, exploitation, citizenship, origin, transit, destination) AS
    sex = '_T' AND age = '_T' AND exploitation = '_T' AND citizenship = '_T' AND origin = '_T' AND transit = '_T' AND destination = '_T';
-- A country, not a region, a total or an unknown.
CREATE OR REPLACE TEMP MACRO is_country(area) AS regexp_full_match(area, '[A-Z]{3}');

-- Two counts as of Poisson processes with one rate: given their sum, the
-- smaller is binomial with one half, which makes an exact test (Przyborowski and
-- Wilenski, Biometrika 31 (1940) 313-323). Above 400 together, sqrt(x + 3/8) has
-- a variance of nearly 1/4 whatever the mean (Anscombe, Biometrika 35 (1948)
-- 246-254), so that twice the difference of two such roots over sqrt(2) is
-- nearly standard normal; with few it is too lax (0 and 11 would pass for
-- p < 0.0001, and p is 0.001). A test of this package compares the two.
CREATE OR REPLACE TEMP MACRO root_distance(more, less) AS sqrt(2) * (sqrt(more + 0.375) - sqrt(less + 0.375));
CREATE OR REPLACE TEMP MACRO two_sided(more, less) AS 2 * list_sum(list_transform(range(0, CAST(floor(less) AS BIGINT) + 1),
    lambda k: exp(lgamma(more + less + 1) - lgamma(k + 1) - lgamma(more + less - k + 1) - (more + less) * ln(2))));
CREATE OR REPLACE TEMP MACRO unlike(more, less) AS CASE WHEN more + less > 400 THEN root_distance(more, less) > 3.8906 ELSE two_sided(more, less) < 0.0001 END;
-- Two-sided p below 0.0001. Of figures known by bounds the nearest ends are taken.
CREATE OR REPLACE TEMP MACRO far_apart(lo1, up1, lo2, up2) AS CASE WHEN lo1 > up2 THEN unlike(lo1, up2) WHEN lo2 > up1 THEN unlike(lo2, up1) ELSE false END;
-- ... and one at least double the other: large States' counts differ by less
-- every year, for reasons that are not chance and not errors.
CREATE OR REPLACE TEMP MACRO improbable(lo1, up1, lo2, up2) AS (lo1 >= 2 * up2 OR lo2 >= 2 * up1) AND far_apart(lo1, up1, lo2, up2);
-- From year to year a State's counts vary beyond chance, by operations, laws and
-- staff: by a fifth, say, so that the variance of a mean m is m + (m/5)², and that
-- of the root is 1 + m/25 times as large.
CREATE OR REPLACE TEMP MACRO jumped(lo1, up1, lo2, up2) AS improbable(lo1, up1, lo2, up2) AND greatest(root_distance(lo1, up2), root_distance(lo2, up1)) > 3.8906 * sqrt(1 + (lo1 + lo2) / 50);

-- One row: one figure of the submission that is a number or has bounds, as
-- reported, summed over its places or months, or counted.
CREATE OR REPLACE TEMP TABLE stated AS
SELECT * FROM work
WHERE role = 'figure' AND NOT conflict AND UNIT_MEASURE = 'NUMBER' AND derivation IN ('reported', 'summed', 'counted')
  AND LOWER_BOUND IS NOT NULL AND UPPER_BOUND IS NOT NULL AND UNIT_MULT = 0
QUALIFY row_number() OVER (PARTITION BY breakdown, FREQ, REF_AREA, INDICATOR, SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION,
    TIME_PERIOD, COUNTING_UNIT, VICTIM_STATUS ORDER BY step, seq) = 1;

-- One row: one reported part under the key of a total that holds it: the total
-- over one dimension, over all, or the code above. Sums of months are left out,
-- since the months are here.
CREATE OR REPLACE TEMP TABLE upward AS
WITH part AS (
    SELECT *, about(SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION) AS part FROM stated
    WHERE derivation <> 'counted' AND step <> '25_months')
SELECT * REPLACE ('_T' AS SEX), ['SEX'] AS over_dims, SEX AS own FROM part WHERE SEX <> '_T'
UNION ALL SELECT * REPLACE ('_T' AS AGE), ['AGE'], AGE FROM part WHERE AGE <> '_T'
UNION ALL SELECT * REPLACE ('_T' AS EXPLOITATION), ['EXPLOITATION'], EXPLOITATION FROM part WHERE EXPLOITATION <> '_T'
UNION ALL SELECT * REPLACE ('_T' AS CITIZENSHIP), ['CITIZENSHIP'], CITIZENSHIP FROM part WHERE CITIZENSHIP <> '_T'
UNION ALL SELECT * REPLACE ('_T' AS ORIGIN), ['ORIGIN'], ORIGIN FROM part WHERE ORIGIN <> '_T'
UNION ALL SELECT * REPLACE ('_T' AS TRANSIT), ['TRANSIT'], TRANSIT FROM part WHERE TRANSIT <> '_T'
UNION ALL SELECT * REPLACE ('_T' AS DESTINATION), ['DESTINATION'], DESTINATION FROM part WHERE DESTINATION <> '_T'
UNION ALL SELECT p.* REPLACE (c.parent AS AGE), ['code above'], AGE FROM part p JOIN codelist c ON c.list = 'CL_AGE' AND c.code = p.AGE AND c.parent <> ''
UNION ALL SELECT p.* REPLACE (c.parent AS EXPLOITATION), ['code above'], EXPLOITATION FROM part p JOIN codelist c ON c.list = 'CL_EXPLOITATION' AND c.code = p.EXPLOITATION AND c.parent <> ''
UNION ALL SELECT * REPLACE ('_T' AS SEX, '_T' AS AGE, '_T' AS EXPLOITATION, '_T' AS CITIZENSHIP, '_T' AS ORIGIN, '_T' AS TRANSIT, '_T' AS DESTINATION),
    list_filter([CASE WHEN SEX <> '_T' THEN 'SEX' END, CASE WHEN AGE <> '_T' THEN 'AGE' END, CASE WHEN EXPLOITATION <> '_T' THEN 'EXPLOITATION' END,
        CASE WHEN CITIZENSHIP <> '_T' THEN 'CITIZENSHIP' END, CASE WHEN ORIGIN <> '_T' THEN 'ORIGIN' END, CASE WHEN TRANSIT <> '_T' THEN 'TRANSIT' END,
        CASE WHEN DESTINATION <> '_T' THEN 'DESTINATION' END], d -> d IS NOT NULL) AS dims, ''
    FROM part WHERE contains(part, ' ');

-- One row: one preferred observation that the States and sources of this
-- submission had in the store before it, in its newest vintage that is not withdrawn.
CREATE OR REPLACE TEMP TABLE earlier AS
SELECT o.*, s.file_name, s.layout, s.seq AS submission_seq
FROM observation o JOIN (SELECT * REPLACE (coalesce(first_seq, seq) AS seq) FROM submission) s USING (submission_id)
WHERE s.seq < (SELECT coalesce(first_seq, seq) FROM submission WHERE submission_id = ?) AND submission_id NOT IN (SELECT submission_id FROM submission_withdrawn)
  AND (o.REF_AREA, o.SOURCE_AGENCY) IN (SELECT (REF_AREA, SOURCE_AGENCY) FROM work)
QUALIFY s.seq = max(s.seq) OVER (PARTITION BY s.layout, o.SOURCE_AGENCY, o.REF_AREA, o.INDICATOR, o.breakdown, o.TIME_PERIOD) AND o.preferred;

-- One row: the total of one whole year, of this submission (file is empty) or,
-- for years that it does not have, of those before it.
CREATE OR REPLACE TEMP TABLE series AS
SELECT REF_AREA, INDICATOR, SOURCE_AGENCY, COUNTING_UNIT, VICTIM_STATUS, month(period_start(TIME_PERIOD)) AS begins, year(period_start(TIME_PERIOD)) AS y,
    TIME_PERIOD, LOWER_BOUND AS lo, UPPER_BOUND AS up, file, sheet, cell
FROM (SELECT *, '' AS file, 0 AS age_of_file FROM observation WHERE submission_id = ? AND preferred
      UNION ALL BY NAME SELECT * EXCLUDE (file_name, layout, submission_seq), file_name AS file, 1000000000 - submission_seq AS age_of_file FROM earlier)
WHERE FREQ = 'A' AND UNIT_MEASURE = 'NUMBER' AND UNIT_MULT = 0 AND no_parts(SEX, AGE, EXPLOITATION, CITIZENSHIP, ORIGIN, TRANSIT, DESTINATION)
  AND LOWER_BOUND IS NOT NULL AND UPPER_BOUND IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY REF_AREA, INDICATOR, SOURCE_AGENCY, COUNTING_UNIT, VICTIM_STATUS, TIME_PERIOD ORDER BY age_of_file) = 1;
