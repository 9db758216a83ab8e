// Writes the shapes of the Api, as its OpenAPI document tells them, to src/api/schema.ts; `--check` only compares.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';

const here = path.dirname(fileURLToPath(import.meta.url));
const source = path.resolve(here, '../../../tests/Api.Tests/OpenApi/openapi.v1.verified.json');
const target = path.resolve(here, '../src/api/schema.ts');

const document = JSON.parse(await readFile(source, 'utf8'));
// The client names the routes itself: of a route only the shapes are of use here.
const types = await openapiTS({ ...document, paths: {} }, { silent: true });
const text = `/* Written by "npm run types" from the Api's OpenAPI document: not by hand. */\n\n${astToString(types)}`;

if (!process.argv.includes('--check')) {
  await writeFile(target, text);
} else if ((await readFile(target, 'utf8')) !== text) {
  console.error('src/api/schema.ts is not what the OpenAPI document says: run "npm run types".');
  process.exitCode = 1;
}
