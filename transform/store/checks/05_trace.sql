-- Every observation goes back to records of its file: figures of its cell, or of its indicator and State where it was counted or added up.
SELECT submission_id AS subject, string_agg(obs_id::VARCHAR, ', ' ORDER BY obs_id) FILTER (nth <= 3) || ' (' || count(*) || ')' AS found, 'table figure, case_row' AS expected
FROM (
    SELECT o.submission_id, o.obs_id, row_number() OVER (PARTITION BY o.submission_id ORDER BY o.obs_id) AS nth
    FROM observation o
    WHERE CASE WHEN o.derivation = 'reported' THEN
            NOT EXISTS (FROM figure f WHERE f.submission_id = o.submission_id AND f.sheet = o.sheet AND f.cell = o.cell AND f.REF_AREA = o.REF_AREA)
        ELSE NOT EXISTS (FROM figure f WHERE f.submission_id = o.submission_id AND f.REF_AREA = o.REF_AREA AND f.INDICATOR = o.INDICATOR)
            AND NOT EXISTS (FROM case_row c WHERE c.submission_id = o.submission_id AND c.REF_AREA = o.REF_AREA AND c.INDICATOR = o.INDICATOR) END
)
GROUP BY ALL ORDER BY ALL
