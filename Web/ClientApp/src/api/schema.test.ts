import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

it('is what the OpenAPI document says', () => {
  expect(() => execFileSync(process.execPath, ['scripts/types.mjs', '--check'], { stdio: 'pipe' })).not.toThrow();
}, 60_000);
