// Writes the cells of a list as a workbook with SheetJS.
//
//   node sheetjs.mjs CELLS.json OUT.xlsx
import fs from "node:fs";
import XLSX from "xlsx";

const spec = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const errors = { "#DIV/0!": 7, "#N/A": 42 };
const wb = XLSX.utils.book_new();
wb.Workbook = { Sheets: [] };

function cell(c) {
  const out = c.formula ? { f: c.formula } : {};
  switch (c.kind) {
    case "text":
    case "empty":
      return { ...out, t: "s", v: c.value };
    case "number":
      return { ...out, t: "n", v: Number(c.value) };
    case "percent":
      return { t: "n", v: Number(c.value), z: "0%" };
    case "bool":
      return { ...out, t: "b", v: c.value === "TRUE" };
    case "date":
      return { t: "n", v: c.serial, z: "yyyy-mm-dd" };
    case "datetime":
      return { t: "n", v: c.serial, z: "yyyy-mm-dd hh:mm:ss" };
    case "time":
      return { t: "n", v: c.serial, z: "hh:mm:ss" };
    case "error":
      return { t: "e", v: errors[c.value] };
  }
  throw new Error(c.kind);
}

for (const s of spec.sheets) {
  const ws = {};
  for (const c of s.cells) ws[c.at] = cell(c);
  ws["!ref"] = "A1:I30";
  ws["!merges"] = s.merged.map((m) => XLSX.utils.decode_range(m));
  ws["!rows"] = [];
  for (const r of s.hiddenRows) ws["!rows"][r - 1] = { hidden: true };
  XLSX.utils.book_append_sheet(wb, ws, s.name);
  wb.Workbook.Sheets.push({ name: s.name, Hidden: s.hidden ? 1 : 0 });
}
XLSX.writeFile(wb, process.argv[3], { bookSST: process.argv[4] === "sst" });
