import { useId, type ReactNode } from 'react';

interface SectionProps {
  title: string;
  text?: ReactNode;
  children: ReactNode;
}

/** One subject of the settings. */
export function Section({ title, text, children }: SectionProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="panel p-5">
      <h2 id={id} className="text-base font-semibold">
        {title}
      </h2>
      {text && <p className="mt-0.5 text-muted">{text}</p>}
      <div className="mt-4 grid grid-cols-1 gap-4">{children}</div>
    </section>
  );
}
