-- How an observation is told where two readings or two files are held against each other.
-- Run on the connection before difference.sql and revisions.sql.
-- Its codes, but for totals.
CREATE OR REPLACE TEMP MACRO codes_told(sex, age, exploitation, citizenship, origin, transit, destination) AS
concat_ws(' ', nullif(sex, '_T'), nullif(age, '_T'), nullif(exploitation, '_T'), nullif(citizenship, '_T'),
    nullif(origin, '_T'), nullif(transit, '_T'), nullif(destination, '_T'));
-- Its figure as it is printed, or its status where there is none.
CREATE OR REPLACE TEMP MACRO figure_told(v, lo, up, status) AS CASE
    WHEN v IS NOT NULL THEN printf('%.15g', v)
    WHEN lo IS NOT NULL AND up IS NOT NULL THEN printf('%.15g–%.15g', lo, up)
    WHEN lo IS NOT NULL THEN printf('≥%.15g', lo) WHEN up IS NOT NULL THEN printf('≤%.15g', up)
    ELSE status END;
