/*
 * Terminal output as styled text. Colours and weights are understood, carriage returns and small cursor movements
 * overwrite as on a terminal, and every other escape (titles, links, queries) is dropped. Nothing is ever markup.
 */

export type Rgb = readonly [red: number, green: number, blue: number];
export type Colour = { index: number } | { rgb: Rgb };

export interface Style {
  foreground: Colour | null;
  background: Colour | null;
  bold: boolean;
  dim: boolean;
  italic: boolean;
  underline: boolean;
  strike: boolean;
  inverse: boolean;
}

export interface Segment {
  text: string;
  style: Style;
}

interface Cell {
  character: string;
  style: Style;
}

const plain: Style = {
  foreground: null,
  background: null,
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  strike: false,
  inverse: false,
};

const escapes =
  /(?:\x1b\[|\x9b)([0-9;:?<=>]*)[ -/]*([@-~])|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?|\x1b[ -/]*[0-~]?|[\x00-\x08\x0a-\x1f\x7f-\x9f]/g;

const anyControl = /[\x00-\x08\x0a-\x1f\x7f-\x9f]/;

/** Nobody reads more of a line, and a browser should not have to lay it out. */
const widestLine = 10_000;

/** False when a text is already what a reader should see. */
export function hasControls(text: string): boolean {
  return anyControl.test(text);
}

export function parseAnsi(line: string, width = widestLine): Segment[] {
  if (!anyControl.test(line) && line.length <= width) return line === '' ? [] : [{ text: line, style: plain }];
  const pen = new Pen(width);
  let from = 0;
  for (const match of line.matchAll(escapes)) {
    pen.write(line.slice(from, match.index));
    from = match.index + match[0].length;
    if (match[2] !== undefined) pen.control(match[1] ?? '', match[2]);
    else if (match[0] === '\r') pen.moveTo(0);
    else if (match[0] === '\b') pen.moveBy(-1);
    if (pen.full) break;
  }
  if (!pen.full) pen.write(line.slice(from));
  return pen.segments();
}

/** The whole line without escapes, for copying and searching. */
export function plainText(line: string): string {
  if (!anyControl.test(line)) return line;
  return parseAnsi(line, Math.max(widestLine, line.length))
    .map((segment) => segment.text)
    .join('');
}

class Pen {
  readonly #cells: Cell[] = [];
  readonly #width: number;
  #at = 0;
  #style: Style = plain;

  constructor(width: number) {
    this.#width = width;
  }

  get full(): boolean {
    return this.#cells.length > this.#width;
  }

  write(text: string): void {
    for (const character of text) {
      while (this.#cells.length < this.#at) this.#cells.push({ character: ' ', style: plain });
      if (this.#at >= this.#width) {
        this.#cells[this.#width] = { character: '…', style: plain };
        return;
      }
      this.#cells[this.#at] = { character, style: this.#style };
      this.#at += 1;
    }
  }

  moveTo(column: number): void {
    this.#at = Math.min(Math.max(0, column), this.#width);
  }

  moveBy(columns: number): void {
    this.moveTo(this.#at + columns);
  }

  control(parameters: string, final: string): void {
    if (final === 'm') {
      if (!/[?<=>]/.test(parameters)) this.#style = restyle(this.#style, parameters);
      return;
    }
    const first = Number.parseInt(parameters, 10);
    const count = Number.isNaN(first) || first === 0 ? 1 : first;
    if (final === 'C') this.moveBy(count);
    else if (final === 'D') this.moveBy(-count);
    else if (final === 'G') this.moveTo(count - 1);
    else if (final === 'K') this.#erase(Number.isNaN(first) ? 0 : first);
  }

  #erase(mode: number): void {
    if (mode === 0) this.#cells.length = Math.min(this.#cells.length, this.#at);
    else if (mode === 1) this.#cells.fill({ character: ' ', style: plain }, 0, this.#at + 1);
    else if (mode === 2) this.#cells.length = 0;
  }

  segments(): Segment[] {
    const segments: Segment[] = [];
    for (const { character, style } of this.#cells) {
      const last = segments[segments.length - 1];
      if (last && last.style === style) last.text += character;
      else segments.push({ text: character, style });
    }
    return segments;
  }
}

function restyle(style: Style, parameters: string): Style {
  const codes = parameters.split(/[;:]/).map((code) => (code === '' ? 0 : Number.parseInt(code, 10)));
  let next = { ...style };
  for (let i = 0; i < codes.length; i += 1) {
    const code = codes[i] ?? 0;
    if (code === 38 || code === 48) {
      const extended = extendedColour(codes, i + 1);
      if (extended.colour) next[code === 38 ? 'foreground' : 'background'] = extended.colour;
      i = extended.last;
    } else {
      next = simpleStyle(next, code);
    }
  }
  return next;
}

function simpleStyle(style: Style, code: number): Style {
  if (code >= 30 && code <= 37) return { ...style, foreground: { index: code - 30 } };
  if (code >= 90 && code <= 97) return { ...style, foreground: { index: code - 82 } };
  if (code >= 40 && code <= 47) return { ...style, background: { index: code - 40 } };
  if (code >= 100 && code <= 107) return { ...style, background: { index: code - 92 } };
  switch (code) {
    case 0:
      return plain;
    case 1:
      return { ...style, bold: true };
    case 2:
      return { ...style, dim: true };
    case 3:
      return { ...style, italic: true };
    case 4:
      return { ...style, underline: true };
    case 7:
      return { ...style, inverse: true };
    case 9:
      return { ...style, strike: true };
    case 22:
      return { ...style, bold: false, dim: false };
    case 23:
      return { ...style, italic: false };
    case 24:
      return { ...style, underline: false };
    case 27:
      return { ...style, inverse: false };
    case 29:
      return { ...style, strike: false };
    case 39:
      return { ...style, foreground: null };
    case 49:
      return { ...style, background: null };
    default:
      return style;
  }
}

function extendedColour(codes: number[], at: number): { colour: Colour | null; last: number } {
  if (codes[at] === 5) {
    const index = codes[at + 1] ?? -1;
    return { colour: index >= 0 && index <= 255 ? palette(index) : null, last: at + 1 };
  }
  if (codes[at] === 2) {
    const [red = -1, green = -1, blue = -1] = codes.slice(at + 1, at + 4);
    const valid = [red, green, blue].every((value) => value >= 0 && value <= 255);
    return { colour: valid ? { rgb: [red, green, blue] } : null, last: at + 3 };
  }
  return { colour: null, last: codes.length };
}

function palette(index: number): Colour {
  if (index < 16) return { index };
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return { rgb: [grey, grey, grey] };
  }
  const step = (value: number) => (value === 0 ? 0 : 55 + value * 40);
  const cube = index - 16;
  return { rgb: [step(Math.floor(cube / 36)), step(Math.floor(cube / 6) % 6), step(cube % 6)] };
}
