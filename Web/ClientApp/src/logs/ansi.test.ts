import { describe, expect, it } from 'vitest';
import { parseAnsi, plainText } from './ansi';

const escape = '\u001b';

describe('parseAnsi', () => {
  it('leaves plain text alone', () => {
    expect(parseAnsi('added 184 packages').map((segment) => segment.text)).toEqual(['added 184 packages']);
  });

  it('reads basic, bright, 256 and exact colours', () => {
    const segments = parseAnsi(
      `${escape}[31mred${escape}[92mgreen${escape}[38;5;196mcube${escape}[38;5;244mgrey${escape}[38;2;1;2;3mexact`,
    );
    expect(segments.map(({ text, style }) => [text, style.foreground])).toEqual([
      ['red', { index: 1 }],
      ['green', { index: 10 }],
      ['cube', { rgb: [255, 0, 0] }],
      ['grey', { rgb: [128, 128, 128] }],
      ['exact', { rgb: [1, 2, 3] }],
    ]);
  });

  it('ends a style where the output ends it', () => {
    const segments = parseAnsi(`${escape}[1;4mloud${escape}[22m less${escape}[0m plain`);
    expect(segments.map(({ text, style }) => [text, style.bold, style.underline])).toEqual([
      ['loud', true, true],
      [' less', false, true],
      [' plain', false, false],
    ]);
  });

  it('overwrites after a carriage return as a terminal does', () => {
    expect(plainText('abcdef\rxy')).toBe('xycdef');
    expect(plainText(`10%\r${escape}[K100% done`)).toBe('100% done');
    expect(plainText('done\r')).toBe('done');
    expect(plainText('spinner |\b/')).toBe('spinner /');
  });

  it('drops titles, links and every other escape, and keeps the words', () => {
    expect(plainText(`${escape}]8;;https://evil.example\u0007link${escape}]8;;\u0007`)).toBe('link');
    expect(plainText(`${escape}]0;title${escape}\\text`)).toBe('text');
    expect(plainText(`${escape}[2J${escape}[?25l${escape}(Bx${escape}7y\u0000\u0007z`)).toBe('xyz');
    expect(plainText(`${escape}]52;c;c3RvbGVu`)).toBe('');
  });

  it('ignores nonsense without losing text', () => {
    expect(plainText(`${escape}[38;5mstill${escape}[38;2;999;0;0m here${escape}`)).toBe('still here');
    expect(parseAnsi(`${escape}[38;2;999;0;0mx`)[0]?.style.foreground).toBeNull();
  });

  it('cuts a line that no browser should lay out, but only for showing', () => {
    for (const line of ['x'.repeat(1_000_000), `${escape}[31m${'x'.repeat(1_000_000)}`]) {
      const shown = parseAnsi(line).map((segment) => segment.text).join('');
      expect(shown).toBe(`${'x'.repeat(10_000)}…`);
      expect(plainText(line)).toHaveLength(1_000_000);
    }
  });

  it('does not follow the cursor off to a column nobody can see', () => {
    expect(plainText(`${escape}[999999999Cx`).length).toBeLessThanOrEqual(10_001);
  });
});
