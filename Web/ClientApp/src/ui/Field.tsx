import { useId, type ReactNode } from 'react';

export interface FieldControl {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': boolean | undefined;
}

interface FieldProps {
  label: ReactNode;
  hint?: ReactNode;
  optional?: boolean;
  errors?: string[];
  children: (control: FieldControl) => ReactNode;
}

/** A labelled control with its hint and its messages, tied together for everybody. */
export function Field({ label, hint, optional, errors, children }: FieldProps) {
  const id = useId();
  const failed = Boolean(errors?.length);
  const described = [hint && `${id}-hint`, failed && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 flex items-baseline justify-between gap-2 text-[0.8125rem] font-medium">
        {label}
        {optional && <span className="font-normal text-muted">Optional</span>}
      </label>
      {children({ id, 'aria-describedby': described || undefined, 'aria-invalid': failed || undefined })}
      {hint && (
        <p id={`${id}-hint`} className="mt-1.5 text-[0.8125rem] text-muted">
          {hint}
        </p>
      )}
      {failed && (
        <p id={`${id}-error`} className="mt-1.5 text-[0.8125rem] text-bad">
          {errors?.join(' ')}
        </p>
      )}
    </div>
  );
}
