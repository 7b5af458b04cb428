// Reads a PX file with px.js, or a JSON-stat file with the JSON-stat Toolkit,
// and prints what they found: dimensions, categories, and every cell in the
// order of the file.
//
//   node read.cjs FILE
const fs = require("node:fs");
const name = process.argv[2];
const text = fs.readFileSync(name, "utf8");

function px() {
  const { Px } = require("px");
  const p = new Px(text);
  const languages = [].concat(p.keyword("LANGUAGES"));
  const out = { dimensions: [], cells: p.data.map((d) => d.replace(/"/g, "")), names: {} };
  for (const [i, v] of p.variables().entries()) {
    out.dimensions.push({ id: p.keyword("VARIABLECODE")[v], codes: [].concat(p.codes(i)) });
  }
  // px.js knows the leading language alone; the others are keywords of their own to it.
  for (const lang of languages) {
    const tag = lang === languages[0] ? "" : `[${lang}]`;
    const vars = [].concat(p.keyword("STUB" + tag), p.keyword("HEADING" + tag));
    out.names[lang] = vars.map((v) => ({ name: v, labels: [].concat(p.metadata["VALUES" + tag][v]), codes: [].concat(p.metadata["CODES" + tag][v]) }));
  }
  out.title = p.title();
  return out;
}

function jsonstat() {
  const JSONstat = require("jsonstat-toolkit");
  const ds = (JSONstat.default || JSONstat)(JSON.parse(text));
  const out = { class: ds.class, dimensions: [], cells: [], statuses: [], roles: ds.role, title: ds.label };
  for (const id of ds.id) {
    const d = ds.Dimension(id);
    out.dimensions.push({ id, name: d.label, codes: d.id, labels: d.id.map((c) => d.Category(c).label) });
  }
  const n = ds.size.reduce((a, b) => a * b, 1);
  for (let i = 0; i < n; i++) {
    const cell = ds.Data(i);
    out.cells.push(cell.value);
    out.statuses.push(cell.status);
  }
  return out;
}

console.log(JSON.stringify(name.endsWith(".px") ? px() : jsonstat()));
