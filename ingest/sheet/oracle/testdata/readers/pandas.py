"""Reads every OpenDocument spreadsheet of a list with pandas (and odfpy), in the
form that openpyxl.py describes. pandas knows no serials of dates.

    python3 pandas.py LIST OUT
"""
import datetime
import json
import sys
import warnings

sys.path.pop(0)  # this file bears the name of the library
import pandas  # noqa: E402
from openpyxl.utils import get_column_letter  # noqa: E402

warnings.simplefilter("ignore")


def value(v):
    if v is None or v == "" or v != v:
        return None
    if isinstance(v, bool):
        return ["b", "TRUE" if v else "FALSE"]
    if isinstance(v, (int, float)):
        return ["n", repr(v)]
    if isinstance(v, datetime.datetime):
        return ["d", v.isoformat(), "nan"]
    if isinstance(v, datetime.time):
        return ["d", v.isoformat(), "nan"]
    return ["s", str(v)]


with open(sys.argv[2], "w", encoding="ascii") as out:
    for name in open(sys.argv[1], encoding="utf-8").read().splitlines():
        try:
            lines = []
            with pandas.ExcelFile(name, engine="odf") as book:
                for title in book.sheet_names:
                    # Rows as they stand: without a header, and without guesses at types.
                    rows = book._reader.get_sheet_data(book._reader.get_sheet_by_name(title), convert_float=False)
                    cells = []
                    for r, row in enumerate(rows, 1):
                        for c, v in enumerate(row, 1):
                            v = value(v)
                            if v is not None:
                                cells.append([get_column_letter(c) + str(r), *v])
                    lines.append({"file": name, "sheet": title, "cells": cells})
            if not lines:
                raise ValueError("no sheets")
        except Exception as e:  # any: a library may raise what it likes
            lines = [{"file": name, "error": type(e).__name__ + ": " + str(e)[:200]}]
        for line in lines:
            out.write(json.dumps(line, ensure_ascii=True, separators=(",", ":")) + "\n")
