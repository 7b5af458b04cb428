-- What is withheld, taken out of what this connection reads. Inputs: withheld
-- (obs_id), touched (groups of which something is withheld), observation_current
-- as it is held; {file} is the name of the database.
-- A withheld figure has neither value nor bounds, and nothing that tells of them.
UPDATE observation_current SET OBS_VALUE = NULL, LOWER_BOUND = NULL, UPPER_BOUND = NULL, OBS_STATUS = 'Q', CONF_STATUS = 'C',
    n_cells = 0, n_missing = 0, raw_text = '', COMMENT_OBS = ''
WHERE obs_id IN (SELECT obs_id FROM withheld);
-- A comment with a number, other than a year, may be about another figure of its State.
UPDATE observation_current SET COMMENT_OBS = ''
WHERE REF_AREA IN (SELECT REF_AREA FROM touched) AND regexp_matches(regexp_replace(COMMENT_OBS, '\b(19|20)\d\d\b', '', 'g'), '\p{N}');
-- Of other States nothing was looked at, and nothing is let out.
DELETE FROM observation_current WHERE REF_AREA NOT IN (SELECT REF_AREA FROM area_group);
-- Second totals and sums beside a reported total would be equations more.
DELETE FROM observation_current o WHERE NOT o.preferred
    AND EXISTS (FROM touched t WHERE t.REF_AREA = o.REF_AREA AND t.INDICATOR = o.INDICATOR AND t.REF_YEAR = o.REF_YEAR);
-- Older vintages of such a group are left out: what was revised could be worked out
-- from what was not. So are those of a group that had small figures itself, counted
-- persons, had places, or figures known within bounds, whatever it is now; and all older
-- rates, which tell counts that may have been small.
CREATE TEMP VIEW observation AS
WITH older AS (
    SELECT o.*, coalesce(p.protected_with, o.INDICATOR) AS protected_with
    FROM {file}.main.observation o LEFT JOIN protected_with p ON p.INDICATOR = o.INDICATOR
    WHERE o.obs_id NOT IN (SELECT obs_id FROM observation_current) AND o.obs_id NOT IN (SELECT obs_id FROM withheld) AND o.REF_AREA IN (SELECT REF_AREA FROM area_group)
      AND NOT coalesce(p.rate, false)
),
sensitive AS (
    SELECT DISTINCT REF_AREA, protected_with, REF_YEAR FROM older
    WHERE UNIT_MEASURE = 'NUMBER' AND (OBS_VALUE > 0 AND OBS_VALUE < {threshold} OR OBS_VALUE IS NULL AND coalesce(LOWER_BOUND, UPPER_BOUND) IS NOT NULL
        OR derivation = 'counted' OR contains(summed_over, 'AREA_DETAIL'))
    -- A zero tells of everybody where the group is small.
    UNION SELECT REF_AREA, protected_with, REF_YEAR FROM older WHERE UNIT_MEASURE = 'NUMBER' GROUP BY ALL
    HAVING bool_or(OBS_VALUE = 0) AND bool_or(OBS_VALUE > 0 AND OBS_VALUE < {group})
    UNION SELECT t.REF_AREA, coalesce(p.protected_with, t.INDICATOR), t.REF_YEAR FROM touched t LEFT JOIN protected_with p ON p.INDICATOR = t.INDICATOR
)
SELECT * FROM observation_current
UNION ALL BY NAME SELECT o.* EXCLUDE (protected_with) FROM older o
WHERE NOT EXISTS (FROM sensitive t WHERE t.REF_AREA = o.REF_AREA AND t.protected_with = o.protected_with AND t.REF_YEAR = o.REF_YEAR);
-- What its sender says of a withheld figure may tell it; and if a number stands in it,
-- other than a year, wherever it says so: a remark on all figures of a form stands at
-- those of measures too.
CREATE TEMP VIEW observation_note AS
SELECT * FROM {file}.main.observation_note WHERE obs_id NOT IN (SELECT obs_id FROM withheld)
    AND (submission_id, note_seq) NOT IN (
        SELECT (o.submission_id, o.note_seq) FROM {file}.main.observation_note o JOIN {file}.main.note n ON n.submission_id = o.submission_id AND n.seq = o.note_seq
        WHERE (o.obs_id IN (SELECT obs_id FROM withheld) OR o.obs_id NOT IN (SELECT obs_id FROM observation))
          AND regexp_matches(regexp_replace(n.note_text, '\b(19|20)\d\d\b', '', 'g'), '\p{N}'));
