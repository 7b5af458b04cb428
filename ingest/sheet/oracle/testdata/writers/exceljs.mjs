// Writes the cells of a list as a workbook with exceljs.
//
//   node exceljs.mjs CELLS.json OUT.xlsx
import fs from "node:fs";
import ExcelJS from "exceljs";

const spec = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const wb = new ExcelJS.Workbook();
const looks = { percent: "0%", date: "yyyy-mm-dd", datetime: "yyyy-mm-dd hh:mm:ss", time: "hh:mm:ss" };

function value(c) {
  switch (c.kind) {
    case "number":
    case "percent":
      return Number(c.value);
    case "bool":
      return c.value === "TRUE";
    case "date":
      return new Date(c.value + "T00:00:00Z");
    case "datetime":
      return new Date(c.value + "Z");
    case "time":
      return c.serial; // it has no time of day
    case "error":
      return { error: c.value };
  }
  return c.value;
}

for (const s of spec.sheets) {
  const ws = wb.addWorksheet(s.name, { state: s.hidden ? "hidden" : "visible" });
  for (const c of s.cells) {
    const cell = ws.getCell(c.at);
    cell.value = c.formula ? { formula: c.formula, result: value(c) } : value(c);
    if (looks[c.kind]) cell.numFmt = looks[c.kind];
  }
  for (const m of s.merged) ws.mergeCells(m);
  for (const r of s.hiddenRows) ws.getRow(r).hidden = true;
}
await wb.xlsx.writeFile(process.argv[3]);
