import clsx from 'clsx';

export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={clsx('skeleton block', className)} />;
}

/** Says once, to a screen reader, what the grey boxes say to everybody else. */
export function Loading({ label, children }: { label: string; children?: React.ReactNode }) {
  return (
    <div role="status" aria-busy="true">
      <span className="sr-only">{label}</span>
      {children}
    </div>
  );
}

export function PageSkeleton() {
  return (
    <Loading label="Loading page">
      <div className="mx-auto grid max-w-6xl gap-4 px-5 py-10">
        <Skeleton className="h-7 w-48" />
        <Skeleton className="h-4 w-80 max-w-full" />
        <Skeleton className="mt-4 h-40 w-full" />
      </div>
    </Loading>
  );
}
