-- Invented case rows of one submission: n of each kind.
INSERT INTO submission (submission_id, seq, file_sha256, file_name, file_bytes, file_format, layout, layout_version, layout_sha256, record, source_agency, repeats, reference_date, received_at, run_id) VALUES ('aaaaaaaaaaaa', 1, 'a', 'cases.csv', 1, 'csv', 'sample', '1.0.0', 'l', 'victims', 'SAMPLE', 'keep', NULL, '2024-10-01', 'r');
INSERT INTO case_row
SELECT 'aaaaaaaaaaaa', row_number() OVER (), '', 1 + row_number() OVER (), 'CRI', indicator, sex, age, exploitation, citizenship, '_T', '_T', '_T', period,
    'PERSON', 'IDENTIFIED', 'POLICE', 'NATIONAL', 'art. 172', 'SAMPLE'
FROM (VALUES
    (12, 'VICTIMS_DETECTED', 'F', 'Y18T29', 'SEXUAL', 'NIC', '2023-02'),
    ( 3, 'VICTIMS_DETECTED', 'F', 'Y18T29', 'SEXUAL', 'NIC', '2023-Q3'),
    ( 2, 'VICTIMS_DETECTED', 'F', 'Y16T17', 'SEXUAL', 'NIC', '2022-10-01/P1Y'),
    ( 9, 'VICTIMS_DETECTED', 'F', 'Y12T17', 'LABOUR', 'COL', '2023'),
    (20, 'PERSONS_REPORTED', 'M', 'Y_GE18', '_Z', 'CRI', '2023')
) AS x(n, indicator, sex, age, exploitation, citizenship, period), range(n);
