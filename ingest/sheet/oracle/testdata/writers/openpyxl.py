"""Writes the cells of a list as a workbook with openpyxl.

    python3 openpyxl.py CELLS.json OUT.xlsx
"""
import datetime
import json
import sys

sys.path.pop(0)  # this file bears the name of the library
import openpyxl  # noqa: E402

spec = json.load(open(sys.argv[1], encoding="utf-8"))
wb = openpyxl.Workbook()
wb.remove(wb.active)
for s in spec["sheets"]:
    ws = wb.create_sheet(s["name"])
    ws.sheet_state = "hidden" if s["hidden"] else "visible"
    for c in s["cells"]:
        kind, v = c["kind"], c["value"]
        cell = ws[c["at"]]
        if "formula" in c:
            cell.value = "=" + c["formula"]  # it can't store what a formula gave
        elif kind in ("text", "empty"):
            cell.value = v
            cell.data_type = "s"
        elif kind == "number":
            cell.value = float(v)
        elif kind == "percent":
            cell.value, cell.number_format = float(v), "0%"
        elif kind == "bool":
            cell.value = v == "TRUE"
        elif kind == "date":
            cell.value = datetime.date.fromisoformat(v)
        elif kind == "datetime":
            cell.value = datetime.datetime.fromisoformat(v)
        elif kind == "time":
            cell.value = datetime.time.fromisoformat(v)
        elif kind == "error":
            cell.value, cell.data_type = v, "e"
    for m in s["merged"]:
        ws.merge_cells(m)
    for r in s["hiddenRows"]:
        ws.row_dimensions[r].hidden = True
wb.save(sys.argv[2])
