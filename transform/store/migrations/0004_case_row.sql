-- Since case rows can be published k-anonymous (tipstat export microdata), what the store
-- says of them is no longer true.
COMMENT ON TABLE case_row IS 'One row: one case row of an accepted file, reduced to codes. Sensitive: counted in tables, and published only generalised, each combination of codes k times or more.';
