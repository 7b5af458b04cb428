-- Rounded figures in the place of true ones, in what this connection reads.
-- Inputs: rounded (obs_id, figures, whether they are withheld: rates, and a comment),
-- observation_current as it is held; {file} is the name of the database.
-- The status of a figure stays: SDMX has no code for rounding. The comment says it,
-- and a rounded figure is free. What else tells the true one goes: the text of its cell, the number of
-- case rows behind it, comments (all but the word by which tables know a conflict).
CREATE TEMP TABLE older AS
SELECT o.* REPLACE (r.OBS_VALUE AS OBS_VALUE, r.LOWER_BOUND AS LOWER_BOUND, r.UPPER_BOUND AS UPPER_BOUND,
    CASE WHEN r.withheld THEN 'Q' ELSE o.OBS_STATUS END AS OBS_STATUS,
    CASE WHEN r.withheld THEN 'C' WHEN r.OBS_VALUE IS NOT NULL THEN 'F' ELSE o.CONF_STATUS END AS CONF_STATUS,
    0::BIGINT AS n_cells, '' AS raw_text, CASE WHEN o.COMMENT_OBS = 'conflict' THEN o.COMMENT_OBS ELSE r.comment END AS COMMENT_OBS)
FROM {file}.main.observation o JOIN rounded r USING (obs_id)
WHERE o.obs_id NOT IN (SELECT obs_id FROM observation_current);
UPDATE observation_current AS o SET OBS_VALUE = r.OBS_VALUE, LOWER_BOUND = r.LOWER_BOUND, UPPER_BOUND = r.UPPER_BOUND,
    OBS_STATUS = CASE WHEN r.withheld THEN 'Q' ELSE o.OBS_STATUS END,
    CONF_STATUS = CASE WHEN r.withheld THEN 'C' WHEN r.OBS_VALUE IS NOT NULL THEN 'F' ELSE o.CONF_STATUS END,
    n_cells = 0, raw_text = '', COMMENT_OBS = CASE WHEN o.COMMENT_OBS = 'conflict' THEN o.COMMENT_OBS ELSE r.comment END
FROM rounded r WHERE r.obs_id = o.obs_id;
-- Of other States nothing was looked at, and nothing is let out.
DELETE FROM observation_current WHERE REF_AREA NOT IN (SELECT REF_AREA FROM area_group);
CREATE TEMP VIEW observation AS
SELECT * FROM observation_current
UNION ALL BY NAME SELECT * FROM older
UNION ALL BY NAME SELECT * FROM {file}.main.observation
    WHERE obs_id NOT IN (SELECT obs_id FROM observation_current) AND obs_id NOT IN (SELECT obs_id FROM rounded)
      AND REF_AREA IN (SELECT REF_AREA FROM area_group);
-- What its sender says of a figure may tell it.
CREATE TEMP VIEW observation_note AS
SELECT * FROM {file}.main.observation_note WHERE obs_id NOT IN (SELECT obs_id FROM rounded)
    AND (submission_id, note_seq) NOT IN ( -- one in which a number stands, other than a year, may be of such a figure wherever it stands too
        SELECT (o.submission_id, o.note_seq) FROM {file}.main.observation_note o JOIN {file}.main.note n ON n.submission_id = o.submission_id AND n.seq = o.note_seq
        WHERE o.obs_id IN (SELECT obs_id FROM rounded) AND regexp_matches(regexp_replace(n.note_text, '\b(19|20)\d\d\b', '', 'g'), '\p{N}'));
