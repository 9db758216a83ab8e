import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Plugin } from 'vite';

/**
 * Writes `csp.json` beside `index.html`: the SHA-256 of every inline script and style in it, so that the host
 * can allow exactly these in its Content-Security-Policy and nothing else that is inline.
 */
export function contentSecurityHashes(): Plugin {
  let outDir = '';
  return {
    name: 'autostack:content-security-hashes',
    apply: 'build',
    configResolved(config) {
      outDir = path.resolve(config.root, config.build.outDir);
    },
    closeBundle: {
      order: 'pre',
      sequential: true,
      async handler() {
        const html = await readFile(path.join(outDir, 'index.html'), 'utf8');
        const hashes = {
          scriptHashes: hashesOf(html, /<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g),
          styleHashes: hashesOf(html, /<style[^>]*>([\s\S]*?)<\/style>/g),
        };
        await writeFile(path.join(outDir, 'csp.json'), `${JSON.stringify(hashes, null, 2)}\n`);
      },
    },
  };
}

function hashesOf(html: string, pattern: RegExp): string[] {
  return [...html.matchAll(pattern)].map(
    (match) => `sha256-${createHash('sha256').update(match[1] ?? '', 'utf8').digest('base64')}`,
  );
}
