// Reads the first sheet of a workbook with SheetJS, for the benchmark (see
// bench_test.go):
//
//   node read.js version      prints the version of SheetJS
//   node read.js read FILE    prints seconds, rows and cells that are not empty
//
// The options are SheetJS's quickest: no formatted texts, no formulas, no HTML,
// and rows as arrays instead of one object with a key for every address.
"use strict";
const XLSX = require("xlsx");

const [what, file] = process.argv.slice(2);
if (what === "version") {
  console.log(XLSX.version);
} else {
  const start = process.hrtime.bigint();
  const book = XLSX.readFile(file, {
    sheets: 0, dense: true, cellText: false, cellFormula: false, cellHTML: false,
  });
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  const sheet = book.Sheets[book.SheetNames[0]];
  let rows = 0, cells = 0;
  for (const row of sheet["!data"] || sheet) { // "!data" since 0.19
    let n = 0;
    for (const cell of row || []) {
      if (cell && cell.v !== undefined && cell.v !== "") n++;
    }
    if (n > 0) rows++;
    cells += n;
  }
  console.log(seconds, rows, cells);
}
