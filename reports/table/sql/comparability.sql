-- Purpose: texts of the rules that lower a grade. One row is: one rule. Inputs: comparability.
SELECT rule, min(en), min(es), min(pt), min(fr) FROM comparability GROUP BY rule ORDER BY rule
