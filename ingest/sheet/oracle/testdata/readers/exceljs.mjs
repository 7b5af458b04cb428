// Reads every workbook of a list with exceljs and gives its cells, in the form
// that openpyxl.py describes.
//
//   node exceljs.mjs LIST OUT
import fs from "node:fs";
import ExcelJS from "exceljs";

const days = (date, from1904) => date.getTime() / 86400000 + 25569 - (from1904 ? 1462 : 0);

function value(v, from1904) {
  if (v === null || v === undefined || v === "") return null;
  if (typeof v === "number") return ["n", String(v)];
  if (typeof v === "boolean") return ["b", v ? "TRUE" : "FALSE"];
  if (typeof v === "string") return ["s", v];
  if (v instanceof Date) return ["d", isNaN(v) ? "" : v.toISOString().slice(0, -1), String(days(v, from1904))];
  if ("error" in v) return ["e", v.error];
  if ("richText" in v) return value(v.richText.map((r) => r.text).join(""), from1904);
  if ("formula" in v || "sharedFormula" in v) return value(v.result, from1904);
  if ("text" in v) return value(v.text, from1904); // a link
  return ["s", JSON.stringify(v)];
}

function sheet(ws, from1904) {
  const cells = [];
  ws.eachRow((row) => row.eachCell((c) => {
    // A cell that a merged range covers shows its first cell's value.
    if (c.isMerged && c.master !== c) return;
    const v = value(c.value, from1904);
    if (v) cells.push([c.address, ...v]);
  }));
  return cells;
}

const out = fs.openSync(process.argv[3], "w");
for (const name of fs.readFileSync(process.argv[2], "utf8").split("\n")) {
  if (name === "") continue;
  let lines = [];
  try {
    const wb = new ExcelJS.Workbook();
    await wb.xlsx.load(fs.readFileSync(name));
    const from1904 = !!wb.properties.date1904;
    for (const ws of wb.worksheets) {
      lines.push({ file: name, sheet: ws.name, hidden: ws.state !== "visible", cells: sheet(ws, from1904) });
    }
    if (lines.length === 0) throw new Error("no sheets");
  } catch (e) {
    lines = [{ file: name, error: String(e).slice(0, 200) }];
  }
  fs.writeFileSync(out, lines.map((l) => JSON.stringify(l) + "\n").join(""));
}
