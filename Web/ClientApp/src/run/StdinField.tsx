import { useId } from 'react';

export function StdinField({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const id = useId();
  return (
    <>
      <label htmlFor={id} className="mb-1.5 flex justify-between text-[0.8125rem] font-medium">
        Standard input <span className="font-normal text-muted">Optional</span>
      </label>
      <textarea
        id={id}
        rows={2}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        spellCheck={false}
        className="control font-mono text-[0.8125rem]"
      />
    </>
  );
}
