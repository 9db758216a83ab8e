import type { ReactNode } from 'react';

interface StepFormProps {
  title: string;
  text: string;
  onSubmit: () => void;
  footer: ReactNode;
  children: ReactNode;
}

export function StepForm({ title, text, onSubmit, footer, children }: StepFormProps) {
  return (
    <form
      noValidate
      aria-label={title}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
      className="panel"
    >
      <div className="px-5 pt-5">
        <h2 tabIndex={-1} className="text-base font-semibold outline-none">
          {title}
        </h2>
        <p className="mt-0.5 text-muted">{text}</p>
      </div>
      <div className="grid gap-5 p-5">{children}</div>
      <div className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3.5">{footer}</div>
    </form>
  );
}
