"""Writes the cells of a list as a workbook with XlsxWriter.

    python3 xlsxwriter.py CELLS.json OUT.xlsx
"""
import datetime
import json
import sys

sys.path.pop(0)  # this file bears the name of the library
import xlsxwriter  # noqa: E402
from xlsxwriter.utility import xl_cell_to_rowcol  # noqa: E402

spec = json.load(open(sys.argv[1], encoding="utf-8"))
wb = xlsxwriter.Workbook(sys.argv[2])
look = {k: wb.add_format({"num_format": f}) for k, f in {
    "percent": "0%", "date": "yyyy-mm-dd", "datetime": "yyyy-mm-dd hh:mm:ss", "time": "hh:mm:ss"}.items()}
for s in spec["sheets"]:
    ws = wb.add_worksheet(s["name"])
    if s["hidden"]:
        ws.hide()
    for m in s["merged"]:
        ws.merge_range(m, "")
    for c in s["cells"]:
        kind, v = c["kind"], c["value"]
        at = xl_cell_to_rowcol(c["at"])
        if "formula" in c:
            result = {"number": float, "bool": lambda b: b == "TRUE"}.get(kind, str)(v)
            ws.write_formula(*at, "=" + c["formula"], None, result)
        elif kind in ("text", "empty"):
            ws.write_string(*at, v)
        elif kind == "number":
            ws.write_number(*at, float(v))
        elif kind == "percent":
            ws.write_number(*at, float(v), look[kind])
        elif kind == "bool":
            ws.write_boolean(*at, v == "TRUE")
        elif kind == "date":
            ws.write_datetime(*at, datetime.date.fromisoformat(v), look[kind])
        elif kind == "datetime":
            ws.write_datetime(*at, datetime.datetime.fromisoformat(v), look[kind])
        elif kind == "time":
            ws.write_datetime(*at, datetime.time.fromisoformat(v), look[kind])
        elif kind == "error":
            ws.write_formula(*at, "=NA()" if v == "#N/A" else "=1/0", None, v)  # it has errors only of formulas
    for r in s["hiddenRows"]:
        ws.set_row(r - 1, None, None, {"hidden": True})
wb.close()
