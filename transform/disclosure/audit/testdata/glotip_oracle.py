"""Sets of UNODC's GLOTIP export with one hidden part, counted in plain Python.

    python3 glotip_oracle.py data_glotip.xlsx

It shares nothing with the audit but the question: a total by sex (or age), all
its parts printed, one of them "<5" and all else a number; subtraction gives the
figure where it comes out from 0 to 4. It prints, in this order:

1. triples: the total, women and men (or children and adults), whatever else is
   printed, over all rows of the file;
2. sets: of rows with a State; other and unknown sex and age are parts too; sets of
   which a cell is told with two figures, or of which a part is printed only in finer
   cells, are left out. These are the numbers that the audit must report.
"""
import collections
import sys

import openpyxl

SEX = ["Female", "Male", "Other", "Unknown"]
AGE = ["0 to 17 years", "18 years or over", "Unknown"]
rows = list(openpyxl.load_workbook(sys.argv[1], read_only=True).worksheets[0].iter_rows(values_only=True))
head = next(i for i, r in enumerate(rows) if r[0] == "Iso3_code")
every, stated = collections.defaultdict(set), collections.defaultdict(set)
for r in rows[head + 1:]:
    iso, country, _, _, indicator, dimension, category, sex, age, year, unit, value, _ = ["" if x is None else str(x) for x in r]
    every[iso, country, indicator, dimension, category, year, unit, sex, age].add(value)
    if iso and country:
        stated[iso, country, indicator, dimension, category, year, unit, sex, age].add(value)


def hidden(cells, total, parts):
    """The hidden figure by subtraction; None unless exactly one part is hidden."""
    values = []
    for k in [total] + parts:
        if len(cells.get(k, ())) != 1:
            return None
        values.append(next(iter(cells[k])))
    if values[0].startswith("<") or sum(v.startswith("<") for v in values[1:]) != 1:
        return None
    return int(values[0].replace(",", "")) - sum(int(v.replace(",", "")) for v in values[1:] if not v.startswith("<"))


def count(cells, whole):
    n = collections.Counter()
    form = {(k[0], k[2], k[5], k[7], k[8]) for k in cells if k[3] == "by form of exploitation"}

    def finer(base, axis, code, fixed, others):
        """Whether a part that is not printed is printed by the other axis, or by form."""
        for o in [fixed] + (others if fixed == "Total" else []):
            end = (code, o) if axis == "SEX" else (o, code)
            if base + end in cells or base[3] == "Total" and (base[0], base[2], base[5]) + end in form:
                return True
        return False

    for base in {k[:7] for k in cells}:
        for axis, codes, others in (("SEX", SEX, AGE), ("AGE", AGE, SEX)):
            for fixed in ["Total"] + others:
                def at(code):
                    return base + ((code, fixed) if axis == "SEX" else (fixed, code))
                parts = [at(c) for c in codes[:2]]
                if whole:
                    parts += [at(c) for c in codes[2:] if at(c) in cells]
                    if any(at(c) not in cells and finer(base, axis, c, fixed, others) for c in codes):
                        continue
                d = hidden(cells, at("Total"), parts)
                if d is not None:
                    n[axis, "one hidden"] += 1
                    n[axis, "by subtraction"] += 0 <= d <= 4
    return n


for name, n in (("triples", count(every, False)), ("sets", count(stated, True))):
    for axis in ("SEX", "AGE"):
        print(name, axis, n[axis, "one hidden"], n[axis, "by subtraction"])
