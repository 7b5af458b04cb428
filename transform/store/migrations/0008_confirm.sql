-- A statistician has looked at a submission and stands by it: a decision too, which moves no
-- figure. It is never the last one of a submission that is withdrawn.
COMMENT ON COLUMN decision.action IS 'withdraw: its figures are no longer current; restore: they are again; confirm: a statistician looked at them and stands by them.';
