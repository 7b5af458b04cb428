// Makes americas.json of Natural Earth's outlines (public domain), as npm's
// world-atlas has them: npm ci && npm run map.
import { readFileSync } from "node:fs";
import { feature } from "topojson-client";

// The States of the OAS: ISO 3166 numeric to alpha-3.
const states = Object.fromEntries(`028 ATG 032 ARG 044 BHS 052 BRB 084 BLZ 068 BOL 076 BRA 124 CAN 152 CHL 170 COL 188 CRI
192 CUB 212 DMA 214 DOM 218 ECU 222 SLV 308 GRD 320 GTM 328 GUY 332 HTI 340 HND 388 JAM 484 MEX 558 NIC 591 PAN 600 PRY
604 PER 659 KNA 662 LCA 670 VCT 740 SUR 780 TTO 840 USA 858 URY 862 VEN`.split(/\s+/).reduce((l, v, i, a) => (i % 2 ? l : [...l, [v, a[i + 1]]]), []));

const read = name => {
  const t = JSON.parse(readFileSync(`node_modules/world-atlas/${name}`));
  return feature(t, t.objects.countries).features;
};

// West of the date line the Aleutians go on.
const round = ([x, y]) => [Math.round((x > 0 ? x - 360 : x) * 100) / 100, Math.round(y * 100) / 100];
const ring = points => {
  const r = points.map(round);
  return r.filter((p, i) => i === 0 || p[0] !== r[i - 1][0] || p[1] !== r[i - 1][1]);
};
const polygons = g => (g.type === "Polygon" ? [g.coordinates] : g.coordinates)
  .map(p => p.map(ring).filter(r => r.length > 3)).filter(p => p.length > 0);

const found = {};
for (const name of ["countries-110m.json", "countries-50m.json"]) { // the coarse one lacks small islands
  for (const f of read(name)) if (states[f.id]) found[states[f.id]] ??= polygons(f.geometry);
}
const missing = Object.values(states).filter(s => !found[s]);
if (missing.length > 0) throw new Error(`no outline of ${missing}`);
// Islands too small to be seen on a map of the continent are marked: a chart shows them larger too.
const small = s => [0, 1].every(axis => {
  const n = found[s].flat(2).map(p => p[axis]);
  return Math.max(...n) - Math.min(...n) < 1.6; // degrees
});
const features = Object.keys(found).sort().map(s => JSON.stringify(
  { type: "Feature", properties: small(s) ? { name: s, small: true } : { name: s }, geometry: { type: "MultiPolygon", coordinates: found[s] } }));
process.stdout.write(`{"type":"FeatureCollection","features":[\n${features.join(",\n")}\n]}\n`);
