import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { buttonStyle, type ButtonTone } from './buttonStyle';
import { toast } from './toastStore';

interface CopyButtonProps {
  text: string | (() => string);
  label: string;
  /** What is copied, for those who hear the button without its row. The button is an icon then. */
  subject?: string;
  tone?: ButtonTone;
  size?: 'small' | 'normal';
}

export function CopyButton({ text, label, subject, tone = 'secondary', size = 'normal' }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);

  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2_000);
    return () => clearTimeout(timer);
  }, [copied]);

  async function copy() {
    try {
      await navigator.clipboard.writeText(typeof text === 'string' ? text : text());
      setCopied(true);
    } catch (error) {
      toast.error('Nothing was copied', error);
    }
  }

  const Icon = copied ? Check : Copy;
  return (
    <button type="button" onClick={() => void copy()} className={buttonStyle(tone, size)}>
      <Icon aria-hidden className="size-3.5" />
      <span aria-live="polite" className={subject && 'sr-only'}>{copied ? 'Copied' : label}</span>
      {subject && <span className="sr-only"> {subject}</span>}
    </button>
  );
}
