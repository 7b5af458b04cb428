-- Purpose: which States belong to the OAS and since when with what status.
-- One row is: one status of one State. Inputs: area_group.
SELECT REF_AREA, status, valid_from, valid_to FROM area_group WHERE area_group = 'OAS' ORDER BY REF_AREA, valid_from, status
