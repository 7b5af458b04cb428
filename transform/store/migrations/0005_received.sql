-- Figures that come from another harmonised store (SDMX, dataflow OAS:TIP) say how they
-- came about and how comparable they are. They are taken as they stand.
ALTER TABLE figure ADD COLUMN derivation VARCHAR;
ALTER TABLE figure ADD COLUMN grade VARCHAR;
ALTER TABLE figure ADD COLUMN grade_reasons VARCHAR;
COMMENT ON COLUMN figure.derivation IS 'Of a figure received from another harmonised store: how it came about there (see observation.derivation; empty where that was withheld). NULL for a figure as reported, which is harmonised here.';
COMMENT ON COLUMN figure.grade IS 'Of a figure received from another harmonised store: its grade of comparability there; empty where that was withheld, NULL where it is not told.';
COMMENT ON COLUMN figure.grade_reasons IS 'The rules that lowered that grade, parted by spaces.';
COMMENT ON COLUMN submission.file_format IS 'What the file is by its content: xlsx, csv, ods or sdmx-ml.';
COMMENT ON COLUMN submission.record IS 'Kinds of record that the layout reads, codes of CL_RECORD parted by commas.';
