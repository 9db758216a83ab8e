import clsx from 'clsx';

interface ChoiceCardProps {
  name: string;
  value: string;
  title: string;
  text: string;
  checked: boolean;
  invalid?: boolean;
  onChoose: () => void;
}

/** One answer of several, with a line about it. */
export function ChoiceCard({ name, value, title, text, checked, invalid, onChoose }: ChoiceCardProps) {
  return (
    <label
      className={clsx(
        'relative flex cursor-pointer gap-3 rounded-lg border p-3.5 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent',
        checked ? 'border-accent bg-accent-soft' : 'border-control/60 hover:border-control',
      )}
    >
      <input
        type="radio"
        name={name}
        value={value}
        checked={checked}
        aria-invalid={invalid || undefined}
        onChange={onChoose}
        className="mt-0.5 size-4 shrink-0 accent-accent"
      />
      <span>
        <span className="block font-medium">{title}</span>
        <span className="block text-muted">{text}</span>
      </span>
    </label>
  );
}

/** Why no answer was taken; the group of answers refers to it by the id. */
export function ChoiceError({ id, children }: { id: string; children: string }) {
  return (
    <p id={id} role="alert" className="mt-2 text-[0.8125rem] text-bad">
      {children}
    </p>
  );
}
