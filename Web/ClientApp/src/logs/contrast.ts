import type { Colour, Rgb } from './ansi';

/** The backgrounds on which logs are read, per theme (`--sunken`). */
const grounds = { light: [242, 242, 238], dark: [11, 12, 13] } as const;
const enough = 5;
const cache = new Map<string, string>();

const basic: readonly Rgb[] = [
  [0, 0, 0],
  [170, 0, 0],
  [0, 110, 0],
  [140, 85, 0],
  [0, 60, 190],
  [140, 0, 140],
  [0, 105, 120],
  [190, 190, 190],
  [90, 90, 90],
  [255, 105, 95],
  [85, 220, 120],
  [250, 205, 90],
  [120, 165, 255],
  [235, 135, 245],
  [90, 215, 230],
  [255, 255, 255],
];

export function rgbOf(colour: Colour): Rgb {
  return 'rgb' in colour ? colour.rgb : (basic[colour.index] ?? [0, 0, 0]);
}

/** The colour itself if it can be read on the theme's log background, otherwise the nearest that can. */
export function readable(colour: Rgb, theme: 'light' | 'dark'): string {
  const key = `${theme}${colour.join()}`;
  const known = cache.get(key);
  if (known) return known;
  const towards: Rgb = theme === 'light' ? [0, 0, 0] : [255, 255, 255];
  let shade = colour;
  for (let part = 0.1; contrast(shade, grounds[theme]) < enough && part <= 1; part += 0.1) {
    shade = mix(colour, towards, part);
  }
  if (cache.size > 5_000) cache.clear();
  cache.set(key, css(shade));
  return css(shade);
}

/** Black or white, whichever stands out more. */
export function inkOn(background: Rgb): string {
  return contrast([255, 255, 255], background) > contrast([0, 0, 0], background) ? '#fff' : '#000';
}

export function css(colour: Rgb): string {
  return `rgb(${colour.join(' ')})`;
}

export function contrast(one: Rgb, other: Rgb): number {
  const [bright, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (bright + 0.05) / (dark + 0.05);
}

function luminance([red, green, blue]: Rgb): number {
  const linear = (value: number) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

function mix(from: Rgb, to: Rgb, part: number): Rgb {
  const blend = (a: number, b: number) => Math.round(a + (b - a) * part);
  return [blend(from[0], to[0]), blend(from[1], to[1]), blend(from[2], to[2])];
}
