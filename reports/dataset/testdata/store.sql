-- A small store for the tests of this package; figures invented. The vocabulary is tipstat's own.
-- What may not leave the store has SECRET, 99117 or 98711 in it.
INSERT INTO submission BY NAME
SELECT left(file_sha256, 12) AS submission_id, seq, file_sha256, 'SECRET.xlsx' AS file_name, 1 AS file_bytes, 'xlsx' AS file_format, layout, '1.2.0' AS layout_version,
    '00' AS layout_sha256, 'victims' AS record, source_agency, CAST(received AS TIMESTAMP) AS received_at, 'run1' AS run_id
FROM (VALUES
    (1, repeat('1', 64), 'form', 'UNODC', '2025-02-01 10:00:00'),
    (2, repeat('2', 64), 'cases', 'PER_PNP', '2025-03-05 10:00:00.5'),
    (3, repeat('3', 64), 'late', 'UNODC', '2025-09-09 10:00:00') -- all its rows are left out
) t(seq, file_sha256, layout, source_agency, received);

CREATE TEMP TABLE o (id BIGINT, seq INTEGER, area VARCHAR, indicator VARCHAR, sex VARCHAR, period VARCHAR, v DOUBLE, lo DOUBLE, hi DOUBLE,
    status VARCHAR, conf VARCHAR, comment VARCHAR, derivation VARCHAR, preferred BOOLEAN, n_missing BIGINT, grade VARCHAR, article VARCHAR);
INSERT INTO o VALUES
    (1, 1, 'HND', 'VICTIMS_DETECTED', '_T', '2022', 120, 120, 120, 'A', 'F', 'conflict', 'reported', true, 0, 'A', ''),
    (2, 1, 'HND', 'VICTIMS_DETECTED', 'F', '2022', NULL, 0, 4, 'Q', 'A', '', 'reported', true, 0, 'C', ''),          -- <5
    (3, 1, 'HND', 'VICTIMS_DETECTED', 'M', '2022', NULL, NULL, NULL, 'Q', 'C', '', 'sum-of-parts', true, 3, 'D', ''), -- withheld
    (4, 1, 'HND', 'PERSONS_CONVICTED', '_T', '2023', NULL, NULL, NULL, 'L', 'F', '', 'reported', true, 0, 'A', ''),  -- not collected
    (5, 1, 'HND', 'PERSONS_CONVICTED', '_T', '2022', 0, 0, 0, 'A', 'F', 'of them 98711 were women', 'reported', true, 0, 'B', '=HYPERLINK("x";"y")'),
    (6, 1, 'JAM', 'VICTIMS_DETECTED', '_T', '2023', 40, 40, NULL, 'A', 'F', '', 'summed', true, 2, 'C', 'Art. 4, "b"'),   -- at least
    (7, 1, 'JAM', 'VICTIMS_DETECTED_RATE', '_T', '2022-10-01/P1Y', 0.123456789, NULL, NULL, 'A', 'F', '', 'reported', true, 0, 'B', ''),
    (8, 3, 'JAM', 'VICTIMS_DETECTED', '_T', '2023', 99117, 99117, 99117, 'A', 'F', '', 'reported', false, 0, 'A', ''),  -- a second total
    (9, 3, 'ITA', 'VICTIMS_DETECTED', '_T', '2023', 99117, 99117, 99117, 'A', 'F', '', 'reported', true, 0, 'A', ''),   -- not of the OAS
    (10, 2, 'PER', 'VICTIMS_DETECTED', '_T', '2023', 55, 55, 55, 'A', 'F', '', 'counted', true, 0, 'A', ''),
    (15, 2, 'PER', 'VICTIMS_ASSISTED', '_T', '2023', NULL, NULL, NULL, 'Q', 'A', 'conflict', 'counted', true, 0, 'A', ''),
    (13, 2, 'PER', 'VICTIMS_DETECTED', '_T', '2023-05', 30, 30, 30, 'A', 'F', '', 'counted', true, 0, 'A', '');
INSERT INTO observation BY NAME
SELECT seq * 100000000 + id AS obs_id, repeat(seq::VARCHAR, 12) AS submission_id, 'total' AS breakdown, CASE WHEN period LIKE '____-__' THEN 'M' ELSE 'A' END AS FREQ, area AS REF_AREA, indicator AS INDICATOR,
    sex AS SEX, '_T' AS AGE, '_T' AS EXPLOITATION, '_T' AS CITIZENSHIP, '_T' AS ORIGIN, '_T' AS TRANSIT, '_T' AS DESTINATION, period AS TIME_PERIOD,
    CAST(left(period, 4) AS INTEGER) AS REF_YEAR, v AS OBS_VALUE, lo AS LOWER_BOUND, hi AS UPPER_BOUND,
    CASE WHEN indicator LIKE '%RATE' THEN 'PER_100000_POP' ELSE 'NUMBER' END AS UNIT_MEASURE, 0 AS UNIT_MULT, 0 AS DECIMALS, status AS OBS_STATUS, conf AS CONF_STATUS,
    'PERSON' AS COUNTING_UNIT, CASE WHEN indicator LIKE 'VICTIM%' THEN 'DETECTED' ELSE '_Z' END AS VICTIM_STATUS, '_U' AS IDENTIFIED_BY, 'NATIONAL' AS COVERAGE, article AS LEGAL_ARTICLE,
    '' AS PERIOD_AS_REPORTED, CASE seq WHEN 2 THEN 'PER_PNP' ELSE 'UNODC' END AS SOURCE_AGENCY, comment AS COMMENT_OBS, derivation, 'SECRET' AS step, preferred,
    99117 AS n_cells, n_missing, '' AS summed_over, 'SECRET' AS sheet, 'SECRET' AS cell, '99117' AS raw_text, grade, ['SECRET'] AS grade_reasons
FROM o;
