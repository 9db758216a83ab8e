import clsx from 'clsx';
import { memo, type CSSProperties } from 'react';
import { parseAnsi, type Style } from './ansi';
import { css, inkOn, readable, rgbOf } from './contrast';

export const AnsiText = memo(function AnsiText({ text }: { text: string }) {
  return parseAnsi(text).map((segment, index) => {
    const look = lookOf(segment.style);
    return look ? (
      <span key={index} {...look}>
        {segment.text}
      </span>
    ) : (
      segment.text
    );
  });
});

function lookOf(style: Style): { className: string; style: CSSProperties } | null {
  const decorated = style.bold || style.dim || style.italic || style.underline || style.strike || style.inverse;
  if (!decorated && !style.foreground && !style.background) return null;
  const ground = style.inverse ? style.foreground : style.background;
  const ink = style.inverse ? null : style.foreground;
  const exact = ink && 'rgb' in ink && !ground;
  return {
    className: clsx(
      style.bold && 'font-semibold',
      style.italic && 'italic',
      style.underline && 'underline',
      style.strike && 'line-through',
      style.dim && !ink && !ground && 'text-muted',
      style.inverse && !ground && 'bg-ink text-on-ink',
      exact && 'ansi-exact',
    ),
    style: inlineStyle(ink, ground),
  };
}

function inlineStyle(ink: Style['foreground'], ground: Style['background']): CSSProperties {
  if (ground) {
    // A pair chosen for another background cannot be trusted to be readable: only the background is kept.
    const background = rgbOf(ground);
    return { backgroundColor: css(background), color: inkOn(background) };
  }
  if (!ink) return {};
  if ('index' in ink) return { color: `var(--ansi-${ink.index})` };
  return { '--on-light': readable(ink.rgb, 'light'), '--on-dark': readable(ink.rgb, 'dark') } as CSSProperties;
}
