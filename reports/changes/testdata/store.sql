-- Three files: of Honduras, a newer one of Honduras, one of Jamaica.
INSERT INTO submission (submission_id, seq, file_sha256, file_name, file_bytes, file_format, layout, layout_version, layout_sha256, record, source_agency, received_at, run_id) VALUES
('sub1', 1, 'aaaaaaaaaaaaaaaa', 'hnd-1.xlsx', 1, 'xlsx', 'l', '1', 'x', 'victims', 'A', '2024-03-01', 'r'),
('sub2', 2, 'bbbbbbbbbbbbbbbb', 'hnd-2.xlsx', 1, 'xlsx', 'l', '1', 'x', 'victims', 'A', '2024-09-01', 'r'),
('sub3', 3, 'cccccccccccccccc', 'jam.csv', 1, 'csv', 'l', '1', 'x', 'victims', 'B', '2024-10-01', 'r');
INSERT INTO treaty_action VALUES
('sub2', 1, '', 1, 'A1', 'x', 'HND', 'UNTOC', 'SIGNATURE', '2001-01-01'),
('sub3', 1, '', 1, 'A1', 'x', 'JAM', 'UNTOC', 'SIGNATURE', '2001-01-01');
INSERT INTO codelist (list, code, parent, position, en, es, pt, fr, source) VALUES
('CL_AREA', 'HND', '', 1, 'Honduras', 'Honduras', 'Honduras', 'Honduras', 't'), ('CL_AREA', 'JAM', '', 2, 'Jamaica', 'Jamaica', 'Jamaica', 'Jamaïque', 't');
