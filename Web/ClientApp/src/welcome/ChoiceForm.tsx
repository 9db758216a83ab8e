import { useState, type FormEvent, type ReactNode } from 'react';
import { ChoiceCard, ChoiceError } from '../ui/ChoiceCard';
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
              <ChoiceCard
                key={choice.value}
                name="choice"
                value={choice.value}
                title={choice.label}
                text={choice.text}
                checked={value === choice.value}
                onChoose={() => setValue(choice.value)}
              />
            ))}
          </div>
          {missing && <ChoiceError id="choice-missing">Choose one.</ChoiceError>}
        </fieldset>
      </div>
      <div className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3.5">{footer}</div>
    </form>
  );
}
