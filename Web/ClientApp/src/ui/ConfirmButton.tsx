import { useEffect, useRef, useState } from 'react';
import { buttonStyle, type ButtonTone } from './buttonStyle';

interface ConfirmButtonProps {
  label: string;
  /** What the button is about, for those who hear it without its row. */
  subject?: string;
  question: string;
  confirm: string;
  busy?: boolean;
  tone?: ButtonTone;
  size?: 'small' | 'normal';
  onConfirm: () => void;
}

/** A button for what is not to happen by accident: the first press asks, the second does it. */
export function ConfirmButton({ label, subject, question, confirm, busy = false, tone = 'danger', size = 'small', onConfirm }: ConfirmButtonProps) {
  const [asked, setAsked] = useState(false);
  const trigger = useRef<HTMLButtonElement>(null);
  const yes = useRef<HTMLButtonElement>(null);
  const wasAsked = useRef(false);

  useEffect(() => {
    if (asked) yes.current?.focus();
    else if (wasAsked.current) trigger.current?.focus();
    wasAsked.current = asked;
  }, [asked]);

  if (!asked) {
    return (
      <button
        ref={trigger}
        type="button"
        aria-label={subject && `${label} ${subject}`}
        aria-disabled={busy}
        className={buttonStyle(tone, size)}
        onClick={() => {
          if (!busy) setAsked(true);
        }}
      >
        {label}
      </button>
    );
  }
  return (
    <span
      role="group"
      aria-label={subject && `${label} ${subject}`}
      className="flex flex-wrap items-center gap-2"
      onKeyDown={(event) => {
        if (event.key === 'Escape') setAsked(false);
      }}
    >
      <span className="text-[0.8125rem]">{question}</span>
      <button
        ref={yes}
        type="button"
        aria-disabled={busy}
        className={buttonStyle(tone === 'danger' ? 'danger' : 'primary', size)}
        onClick={() => {
          if (busy) return;
          setAsked(false);
          onConfirm();
        }}
      >
        {confirm}
      </button>
      <button type="button" className={buttonStyle('secondary', size)} onClick={() => setAsked(false)}>
        Cancel
      </button>
    </span>
  );
}
