-- Purpose: labels of all codes. One row is: one code of one list. Inputs: codelist.
SELECT list, code, parent, position, en, es, pt, fr FROM codelist ORDER BY list, position, code
