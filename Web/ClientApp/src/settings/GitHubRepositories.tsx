import { Lock } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { listRepositories } from '../api/github';
import { useRepositories } from '../github/queries';
import { buttonStyle } from '../ui/buttonStyle';
import { ErrorNotice } from '../ui/ErrorNotice';
import { SearchBox } from '../ui/SearchBox';
import { Skeleton } from '../ui/Skeleton';
import { RelativeTime } from '../ui/Time';
import { Section } from './Section';
import { useAction } from './useAction';

/** The repositories of the connected account, last pushed first. */
export function GitHubRepositories({ shown }: { shown: boolean }) {
  const [find, setFind] = useState({ search: '', page: 1 });
  const { busy, error, run } = useAction();
  const repositories = useRepositories(find.search, find.page, shown);
  const data = repositories.data;

  function refresh() {
    void run(async () => {
      await listRepositories({ page: 1, limit: 1, refresh: true });
      await repositories.refetch();
    });
  }

  if (!shown) {
    return (
      <Section title="Repositories">
        <p className="text-muted">
          They are listed when GitHub is where you host.{' '}
          <Link to="/welcome?change=1&next=%2Fsettings%2Fgithub" className="text-link">
            Change your choice
          </Link>
        </p>
      </Section>
    );
  }
  return (
    <Section title="Repositories">
      <div role="search" className="flex flex-wrap gap-2">
        <SearchBox label="Search repositories" value={find.search} onSearch={(search) => setFind({ search, page: 1 })} />
        <button type="button" aria-disabled={busy} className={buttonStyle('secondary')} onClick={refresh}>
          {busy ? 'Asking GitHub…' : 'Refresh'}
        </button>
      </div>
      {error !== null && <ErrorNotice title="GitHub was not asked" error={error} />}
      {repositories.isPending && <Skeleton className="h-40 w-full" />}
      {repositories.isError && !data && <ErrorNotice title="The repositories could not be loaded" error={repositories.error} onRetry={() => void repositories.refetch()} />}
      {data?.repositories.length === 0 && <p className="text-muted">{find.search ? 'No repository matches.' : 'The account has no repositories, or may not show them here.'}</p>}
      {data && data.repositories.length > 0 && (
        <ul aria-label="Repositories" className="divide-y divide-line">
          {data.repositories.map((repository) => (
            <li key={repository.id} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1.5 py-2">
              <div className="min-w-0 flex-1 basis-56">
                <p className="font-medium break-all">
                  {repository.fullName}
                  {repository.private && (
                    <>
                      <Lock aria-hidden className="ml-1.5 inline size-3.5 text-muted" />
                      <span className="sr-only"> private</span>
                    </>
                  )}
                </p>
                <p className="text-[0.8125rem] text-muted">
                  {[repository.language, repository.archived && 'archived', repository.description].filter(Boolean).join(' · ')}{' '}
                  {repository.pushedAt && <RelativeTime at={repository.pushedAt} />}
                </p>
              </div>
              <Link to={`/deploy?repository=${encodeURIComponent(repository.fullName)}&branch=${encodeURIComponent(repository.defaultBranch)}`} className={buttonStyle('secondary', 'small')}>
                Deploy<span className="sr-only"> {repository.fullName}</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
      {data && data.pagination.totalPages > 1 && (
        <div className="flex items-center justify-between gap-3">
          <p className="tabular text-[0.8125rem] text-muted">
            Page {data.pagination.currentPage} of {data.pagination.totalPages}
          </p>
          <div className="flex gap-2">
            <button type="button" disabled={find.page <= 1} className={buttonStyle('secondary', 'small')} onClick={() => setFind({ ...find, page: find.page - 1 })}>
              Previous
            </button>
            <button type="button" disabled={find.page >= data.pagination.totalPages} className={buttonStyle('secondary', 'small')} onClick={() => setFind({ ...find, page: find.page + 1 })}>
              Next
            </button>
          </div>
        </div>
      )}
    </Section>
  );
}
