// Reads every workbook of a list with SheetJS and gives its cells, in the form
// that openpyxl.py describes.
//
//   node sheetjs.mjs LIST OUT
//
// SheetJS never ends on some damaged files. A worker reads, and is stopped and
// begun anew after a file that takes too long.
import fs from "node:fs";
import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";
import XLSX from "xlsx";

// A small file takes it some milliseconds, the largest of the real ones six seconds.
const patience = (name) => 10000 + fs.statSync(name).size / 50;
const address = /^[A-Z]+[0-9]+$/;
const errors = { 0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A", 43: "#GETTING_DATA" };

function value(c) {
  switch (c.t) {
    case "s":
      return c.v === "" ? null : ["s", String(c.v)];
    case "b":
      return ["b", c.v ? "TRUE" : "FALSE"];
    case "e":
      return ["e", errors[c.v] || String(c.v)];
    case "n":
      return XLSX.SSF.is_date(c.z || "") ? ["d", "", String(c.v)] : ["n", String(c.v)];
  }
  return null;
}

function sheet(ws) {
  const cells = [];
  for (const at of Object.keys(ws)) {
    if (!address.test(at)) continue;
    const v = value(ws[at]);
    if (v) cells.push([at, ...v]);
  }
  return cells;
}

function read(name) {
  const lines = [];
  try {
    const wb = XLSX.read(fs.readFileSync(name), { cellNF: true, cellFormula: false, cellHTML: false, cellText: false });
    wb.SheetNames.forEach((title, i) => {
      const info = (wb.Workbook && wb.Workbook.Sheets && wb.Workbook.Sheets[i]) || {};
      lines.push({ file: name, sheet: title, hidden: !!info.Hidden, cells: sheet(wb.Sheets[title]) });
    });
    if (lines.length === 0) throw new Error("no sheets");
    return lines;
  } catch (e) {
    return [{ file: name, error: String(e).slice(0, 200) }];
  }
}

if (isMainThread) {
  const files = fs.readFileSync(process.argv[2], "utf8").split("\n").filter((f) => f !== "");
  const out = fs.openSync(process.argv[3], "w");
  const write = (lines) => fs.writeFileSync(out, lines.map((l) => JSON.stringify(l) + "\n").join(""));
  let done = 0;
  while (done < files.length) {
    await new Promise((next) => {
      const worker = new Worker(new URL(import.meta.url), { workerData: files.slice(done), stdout: true, stderr: true });
      let begun = Date.now();
      const skip = (why) => {
        write([{ file: files[done++], error: why }]);
        clearInterval(watch);
        worker.removeAllListeners();
        worker.terminate().then(next);
      };
      const watch = setInterval(() => done < files.length && Date.now() - begun > patience(files[done]) && skip("it never ends"), 50);
      worker.on("message", (lines) => {
        write(lines);
        done++;
        begun = Date.now();
      });
      worker.on("error", (e) => skip(String(e).slice(0, 200)));
      worker.on("exit", () => {
        clearInterval(watch);
        next();
      });
    });
  }
} else {
  for (const name of workerData) parentPort.postMessage(read(name));
}
