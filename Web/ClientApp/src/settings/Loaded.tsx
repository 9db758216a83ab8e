import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ErrorNotice } from '../ui/ErrorNotice';
import { Skeleton } from '../ui/Skeleton';

interface LoadedProps<T> {
  query: UseQueryResult<T>;
  title: string;
  children: (data: T) => ReactNode;
}

/** A query's three states. */
export function Loaded<T>({ query, title, children }: LoadedProps<T>) {
  if (query.isPending) return <Skeleton className="h-24 w-full" />;
  if (query.isError) return <ErrorNotice title={title} error={query.error} onRetry={() => void query.refetch()} />;
  return <>{children(query.data)}</>;
}
