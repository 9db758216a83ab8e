import clsx from 'clsx';
import { useState, type FormEvent, type ReactNode } from 'react';
import { ErrorNotice } from '../ui/ErrorNotice';
import type { Choice } from './choices';

interface ChoiceFormProps {
  title: string;
  text: string;
  choices: Choice[];
  chosen: string | null;
  error: unknown;
  onChoose: (value: string) => void;
  footer: ReactNode;
}

/** One question with a few answers to pick from. */
export function ChoiceForm({ title, text, choices, chosen, error, onChoose, footer }: ChoiceFormProps) {
  const [value, setValue] = useState(chosen);
  const [missing, setMissing] = useState(false);

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    setMissing(!value);
    if (value) onChoose(value);
  }

  return (
    <form noValidate aria-label={title} onSubmit={onSubmit} className="panel">
      <div className="grid gap-4 p-5">
        {error !== null && <ErrorNotice title="Your choice was not saved" error={error} />}
        <fieldset aria-describedby={missing ? 'choice-missing' : undefined}>
          <legend className="text-base font-semibold">{title}</legend>
          <p className="mt-0.5 text-muted">{text}</p>
          <div className="mt-4 grid gap-3">
            {choices.map((choice) => (
              <label
                key={choice.value}
                className={clsx(
                  'flex cursor-pointer gap-3 rounded-lg border p-3.5 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent',
                  value === choice.value ? 'border-accent bg-accent-soft' : 'border-control/60 hover:border-control',
                )}
              >
                <input
                  type="radio"
                  name="choice"
                  value={choice.value}
                  checked={value === choice.value}
                  onChange={() => setValue(choice.value)}
                  className="mt-0.5 size-4 shrink-0 accent-accent"
                />
                <span>
                  <span className="block font-medium">{choice.label}</span>
                  <span className="block text-muted">{choice.text}</span>
                </span>
              </label>
            ))}
          </div>
          {missing && (
            <p id="choice-missing" role="alert" className="mt-2 text-[0.8125rem] text-bad">
              Choose one.
            </p>
          )}
        </fieldset>
      </div>
      <div className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3.5">{footer}</div>
    </form>
  );
}
