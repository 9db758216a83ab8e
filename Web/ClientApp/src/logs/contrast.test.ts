import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contrast, css, inkOn, readable } from './contrast';
import type { Rgb } from './ansi';

const sheet = readFileSync('src/styles/index.css', 'utf8');
const themes = {
  light: tokens(/:root \{([^}]*)\}/),
  dark: tokens(/\[data-theme='dark'\] \{([^}]*)\}/),
};
const cube: Rgb[] = [0, 51, 102, 153, 204, 255].flatMap((r) =>
  [0, 51, 102, 153, 204, 255].flatMap((g) => [0, 51, 102, 153, 204, 255].map((b): Rgb => [r, g, b])),
);

describe.each(['light', 'dark'] as const)('colours of the %s theme', (theme) => {
  const colours = themes[theme];
  const colour = (name: string): Rgb => {
    const found = colours.get(name);
    if (!found) throw new Error(`The ${theme} theme has no --${name}.`);
    return found;
  };

  it.each(['ink', 'muted', 'accent', 'ok', 'bad', 'busy'])('%s can be read on every ground', (name) => {
    for (const ground of ['canvas', 'surface', 'sunken']) {
      expect(contrast(colour(name), colour(ground))).toBeGreaterThanOrEqual(4.5);
    }
  });

  it.each(['accent', 'ok', 'bad', 'busy'])('%s can be read on its soft ground', (name) => {
    expect(contrast(colour(name), colour(`${name}-soft`))).toBeGreaterThanOrEqual(4.5);
  });

  it('shows every terminal colour readably on the log', () => {
    for (let index = 0; index < 16; index += 1) {
      expect(contrast(colour(`ansi-${index}`), colour('sunken'))).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('brings any exact colour to a readable shade', () => {
    for (const exact of cube) {
      const shown = readable(exact, theme).match(/\d+/g)?.map(Number) as unknown as Rgb;
      expect(contrast(shown, colour('sunken'))).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('keeps a colour that is readable already', () => {
    const clear: Rgb = theme === 'light' ? [20, 20, 90] : [200, 220, 255];
    expect(readable(clear, theme)).toBe(css(clear));
  });
});

it('writes readably on any background', () => {
  for (const ground of cube) {
    const ink: Rgb = inkOn(ground) === '#fff' ? [255, 255, 255] : [0, 0, 0];
    expect(contrast(ink, ground)).toBeGreaterThanOrEqual(4.5);
  }
});

function tokens(block: RegExp): Map<string, Rgb> {
  const body = block.exec(sheet)?.[1] ?? '';
  return new Map(
    [...body.matchAll(/--([\w-]+): #([0-9a-f]{6});/g)].map(([, name, hex]) => [
      name as string,
      [0, 2, 4].map((at) => Number.parseInt((hex as string).slice(at, at + 2), 16)) as unknown as Rgb,
    ]),
  );
}
