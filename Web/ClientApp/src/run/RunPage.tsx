import { useQuery } from '@tanstack/react-query';
import { CodeXml } from 'lucide-react';
import { listLanguages } from '../api/endpoints';
import { EmptyState } from '../ui/EmptyState';
import { ErrorNotice } from '../ui/ErrorNotice';
import { PageHeader } from '../ui/PageHeader';
import { Loading, Skeleton } from '../ui/Skeleton';
import { usePageTitle } from '../ui/usePageTitle';
import { Runner } from './Runner';

export default function RunPage() {
  usePageTitle('Run a snippet');
  const languages = useQuery({
    queryKey: ['languages'],
    queryFn: ({ signal }) => listLanguages(signal),
    staleTime: 60_000,
  });

  return (
    <>
      <PageHeader title="Run a snippet" text="Each run gets a fresh sandbox without network, and leaves nothing behind." />
      {languages.isPending && (
        <Loading label="Loading languages">
          <div className="grid gap-4 lg:grid-cols-2">
            <Skeleton className="h-112" />
            <Skeleton className="h-112" />
          </div>
        </Loading>
      )}
      {languages.isError && (
        <ErrorNotice
          title="The languages could not be loaded"
          error={languages.error}
          onRetry={() => void languages.refetch()}
        />
      )}
      {languages.data?.length === 0 && (
        <div className="panel">
          <EmptyState Icon={CodeXml} title="No language is installed" text="Build an image with ./platform images, then reload." />
        </div>
      )}
      {languages.data && languages.data.length > 0 && <Runner languages={languages.data} />}
    </>
  );
}
