-- Purpose: which States belong to the OAS and its subregions, and since when with what status.
-- One row is: one status of one State in one group. Inputs: area_group.
SELECT area_group, REF_AREA, status, valid_from, valid_to FROM area_group ORDER BY area_group, REF_AREA, valid_from, status
