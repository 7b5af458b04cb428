-- Purpose: single places were summed by step 20; they are no observations of their own.
DELETE FROM work WHERE derivation = 'place';
