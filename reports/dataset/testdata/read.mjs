// Reads a data set with other people's libraries and prints what they found.
//   node read.mjs FOLDER csv|arrow|parquet
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
const require = createRequire(import.meta.url);
const [dir, format] = process.argv.slice(2);
const file = (name) => path.join(dir, name);
const out = { package: await packaged(), dcat: await harvested(), rows: await rows() };
process.stdout.write(JSON.stringify(out));

// packaged has the Data Package checked by the library of the standard's makers: the
// descriptor by its profile and, where it reads the format, each row by the schema and
// each foreign key.
async function packaged() {
  const { Package } = require('datapackage');
  const p = await Package.load(file('datapackage.json'), { basePath: dir });
  const read = {};
  for (const r of p.resources) {
    if (r.descriptor.format !== 'csv') continue;
    const all = await r.read({ relations: true }); // fails on a value or a key that is wrong
    read[r.name] = all.length;
  }
  const errors = p.errors.concat(...p.resources.map((r) => r.errors)).map(String);
  return { valid: p.valid, profile: p.descriptor.profile, errors, read };
}

// harvested gives the triples of the catalogue as a portal would have them.
async function harvested() {
  const jsonld = require('jsonld');
  const doc = JSON.parse(readFileSync(file('dcat.jsonld'), 'utf8'));
  const quads = await jsonld.toRDF(doc, { base: 'https://example.org/tip/dcat.jsonld', safe: true });
  return quads.map((q) => ({ s: q.subject.value, p: q.predicate.value, o: q.object.value, lang: q.object.language, type: q.object.datatype?.value }));
}

async function rows() {
  const plain = (row) => Object.fromEntries(Object.entries(row).map(([k, v]) => [k, typeof v === 'bigint' ? Number(v) : (v ?? null)]));
  const descriptor = JSON.parse(readFileSync(file('datapackage.json'), 'utf8'));
  const paths = [].concat(descriptor.resources[0].path);
  if (format === 'arrow') {
    const { tableFromIPC, compressionRegistry, CompressionType } = await import('apache-arrow');
    const { decompress } = await import('fzstd');
    compressionRegistry.set(CompressionType.ZSTD, { decode: (b) => decompress(b).slice() });
    const table = tableFromIPC(new Uint8Array(readFileSync(file(paths[0]))));
    return table.toArray().map((r) => plain(r.toJSON()));
  }
  if (format === 'parquet') {
    const { parquetReadObjects } = await import('hyparquet');
    const { compressors } = await import('hyparquet-compressors');
    const all = [];
    for (const name of paths) {
      const b = readFileSync(file(name));
      all.push(...(await parquetReadObjects({ file: b.buffer.slice(b.byteOffset, b.byteOffset + b.byteLength), compressors })).map(plain));
    }
    return all;
  }
  const { Resource } = require('datapackage');
  const r = await Resource.load(descriptor.resources[0], { basePath: dir });
  return (await r.read({ keyed: true })).map(plain);
}
