// Takes HiGHS from npm's highs: highs.wasm and LICENSE as they are, and
// table.json, which tells what the one-letter names of highs.wasm stand for, as
// only highs.js knows: npm ci && npm run vendor.
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";

const from = "node_modules/highs";
const { version } = JSON.parse(readFileSync(`${from}/package.json`, "utf8"));
const wasm = readFileSync(`${from}/build/highs.wasm`);
const glue = readFileSync(`${from}/build/highs.js`, "utf8");

// Emscripten puts one _ before the name of each C function.
const cName = js => js.replace(/^_/, "");
const pairs = (text, re) => [...text.matchAll(re)].map(m => [m[1], m[2]]);
const sorted = p => Object.fromEntries(p.sort(([a], [b]) => (a < b ? -1 : 1)));

const imports = sorted(pairs(glue.match(/\bwasmImports=\{([^}]*)\}/)[1], /(\w+):(\w+)/g).map(([k, v]) => [k, cName(v)]));
const exports = sorted([
  ...pairs(glue, /Module\["(_\w+)"\]=wasmExports\["([^"]+)"\]/g).map(([k, v]) => [cName(k), v]),
  ...pairs(glue, /[;,](_\w+)=wasmExports\["([^"]+)"\]/g).map(([k, v]) => [cName(k), v]),
  ["__wasm_call_ctors", glue.match(/function initRuntime\(\)\{[^}]*wasmExports\["([^"]+)"\]\(\)/)[1]],
  ["memory", glue.match(/wasmMemory=wasmExports\["([^"]+)"\]/)[1]],
  ["table", glue.match(/wasmTable=wasmExports\["([^"]+)"\]/)[1]],
]);

// A name that highs.wasm has and the table lacks, or the other way round, means
// that highs.js is written otherwise than these expressions expect.
const same = (what, a, b) => {
  const [x, y] = [a, b].map(l => JSON.stringify([...l].sort()));
  if (x !== y) throw new Error(`${what} of highs.wasm: ${x}\n${what} of highs.js: ${y}`);
};
const module = new WebAssembly.Module(wasm);
same("imports", WebAssembly.Module.imports(module).map(i => i.name), Object.keys(imports));
same("exports", WebAssembly.Module.exports(module).map(e => e.name), Object.values(exports));

writeFileSync("highs.wasm", wasm);
copyFileSync(`${from}/LICENSE`, "LICENSE.highs");
const sha256 = createHash("sha256").update(wasm).digest("hex");
writeFileSync("table.json", JSON.stringify({ version, sha256, imports, exports }, null, 1) + "\n");
