import { useId } from 'react';

export function StdinField({ value, onChange, hint = 'Optional' }: { value: string; onChange: (text: string) => void; hint?: string }) {
  const id = useId();
  return (
    <>
      <label htmlFor={id} className="mb-1.5 flex flex-wrap justify-between gap-x-3 text-[0.8125rem] font-medium">
        Standard input <span className="font-normal text-muted">{hint}</span>
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
