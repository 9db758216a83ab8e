import type { ReactNode } from 'react';

export function PageHeader({ title, text }: { title: string; text?: ReactNode }) {
  return (
    <div className="mb-6">
      <h1 className="text-xl font-semibold">{title}</h1>
      {text && <p className="mt-0.5 text-muted">{text}</p>}
    </div>
  );
}
