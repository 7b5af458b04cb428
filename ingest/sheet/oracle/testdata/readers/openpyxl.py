"""Reads every workbook of a list with openpyxl and gives its cells.

    python3 openpyxl.py [--stream] LIST OUT

LIST has one path a line. One line of JSON goes into the file OUT for
each sheet: {"file", "sheet", "hidden", "cells": [[address, type, text, serial]]},
or {"file", "error"} for a file that openpyxl refuses. Types are s, n, b, e and
d; a number is written with all its digits, a date as ISO 8601 beside its serial.
--stream takes the reader that holds no workbook in memory, for large files.
"""
import datetime
import json
import sys
import warnings

sys.path.pop(0)  # this file bears the name of the library
import openpyxl  # noqa: E402
from openpyxl.utils import get_column_letter  # noqa: E402
from openpyxl.utils.datetime import to_excel  # noqa: E402

warnings.simplefilter("ignore")


def value(cell, epoch):
    v = cell.value
    if v is None:
        return None
    if cell.data_type == "e":
        return ["e", str(v)]
    if isinstance(v, bool):
        return ["b", "TRUE" if v else "FALSE"]
    if isinstance(v, (int, float)):
        return ["n", repr(v)]
    if isinstance(v, datetime.timedelta):
        return ["n", repr(v / datetime.timedelta(days=1))]
    if isinstance(v, (datetime.date, datetime.time)):
        return ["d", v.isoformat(), repr(to_excel(v, epoch))]
    return ["s", str(v)] if v != "" else None


def sheet(ws, epoch, stream):
    if stream:
        cells = (c for row in ws.iter_rows() for c in row if c.value is not None)
    elif hasattr(ws, "_cells"):  # iter_rows would make every cell up to the last
        cells = (c for _, c in sorted(ws._cells.items()))
    else:
        cells = ()  # a chart
    out = []
    for c in cells:
        v = value(c, epoch)
        if v is not None:
            out.append([get_column_letter(c.column) + str(c.row), *v])
    return out


def main(args):
    stream = "--stream" in args
    out = open(args[-1], "w", encoding="ascii")
    for name in open(args[-2], encoding="utf-8").read().splitlines():
        try:
            wb = openpyxl.load_workbook(name, data_only=True, read_only=stream)
            lines = []
            for ws in wb:
                if stream:
                    ws.reset_dimensions()  # believe no file about its size
                lines.append({"file": name, "sheet": ws.title, "hidden": ws.sheet_state != "visible",
                              "cells": sheet(ws, wb.epoch, stream)})
            if not lines:
                raise ValueError("no sheets")
        except Exception as e:  # any: a library may raise what it likes
            lines = [{"file": name, "error": type(e).__name__ + ": " + str(e)[:200]}]
        for line in lines:
            # ASCII, for halves of a surrogate pair can't be written as UTF-8.
            out.write(json.dumps(line, ensure_ascii=True, separators=(",", ":")) + "\n")


main(sys.argv[1:])
