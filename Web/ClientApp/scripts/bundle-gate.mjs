// Fails the build when the first page's scripts grow beyond their budget.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const budget = { script: 95_000, style: 15_000 };
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../wwwroot');
const manifest = JSON.parse(await readFile(path.join(root, '.vite/manifest.json'), 'utf8'));
const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
if (!entry) throw new Error('The manifest names no entry.');

const scripts = new Set();
const styles = new Set();
collect(entry);

const sizes = { script: await weigh(scripts), style: await weigh(styles) };
for (const [kind, size] of Object.entries(sizes)) {
  const line = `first page, ${kind}: ${(size / 1000).toFixed(1)} kB gzipped of ${budget[kind] / 1000} kB`;
  console.log(line);
  if (size > budget[kind]) {
    console.error(`Over budget: ${line}`);
    process.exitCode = 1;
  }
}

function collect(key) {
  const chunk = manifest[key];
  if (scripts.has(chunk.file)) return;
  scripts.add(chunk.file);
  for (const style of chunk.css ?? []) styles.add(style);
  for (const next of chunk.imports ?? []) collect(next);
}

async function weigh(files) {
  const contents = await Promise.all([...files].map((file) => readFile(path.join(root, file))));
  return contents.reduce((sum, content) => sum + gzipSync(content, { level: 9 }).length, 0);
}
