import clsx from 'clsx';
import { FolderGit2, Lock } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Repository } from '../api/types';
import { useGitHubConnection, useRepositories } from '../github/queries';
import { buttonStyle } from '../ui/buttonStyle';
import { EmptyState } from '../ui/EmptyState';
import { ErrorNotice } from '../ui/ErrorNotice';
import { SearchBox } from '../ui/SearchBox';
import { Loading, Skeleton } from '../ui/Skeleton';
import { RelativeTime } from '../ui/Time';

interface GitHubSourceProps {
  chosen: string;
  errors?: string[];
  onChoose: (fullName: string, defaultBranch: string) => void;
}

/** The repositories of the connected account, or the way to connect one. */
export function GitHubSource({ chosen, errors, onChoose }: GitHubSourceProps) {
  const connection = useGitHubConnection();
  if (connection.isPending) return <Waiting />;
  if (connection.isError) {
    return <ErrorNotice title="GitHub could not be looked up" error={connection.error} onRetry={() => void connection.refetch()} />;
  }
  if (!connection.data.available && !connection.data.connected) {
    return <EmptyState Icon={FolderGit2} title="GitHub is not set up here" text="This installation has no connection to GitHub. Public repositories can be built by their address." />;
  }
  if (!connection.data.connected) {
    return (
      <EmptyState Icon={FolderGit2} title="GitHub is not connected" text="Connect your account to choose from its repositories, private ones as well.">
        <Link to="/settings/github" className={buttonStyle('secondary')}>
          Connect GitHub
        </Link>
      </EmptyState>
    );
  }
  if (!connection.data.repositoriesShown) {
    return (
      <EmptyState Icon={FolderGit2} title="GitHub is not where you host" text="Choose GitHub as the place to host, and its repositories are listed here.">
        <Link to="/welcome?change=1&next=%2Fdeploy%3Fsource%3Dgithub" className={buttonStyle('secondary')}>
          Change your choice
        </Link>
      </EmptyState>
    );
  }
  return <Repositories chosen={chosen} errors={errors} onChoose={onChoose} />;
}

function Repositories({ chosen, errors, onChoose }: GitHubSourceProps) {
  const [search, setSearch] = useState('');
  const repositories = useRepositories(search, 1);
  const found = repositories.data?.repositories;
  const total = repositories.data?.pagination.totalItems ?? 0;
  return (
    <div className="grid gap-3">
      <div className="flex">
        <SearchBox label="Search repositories" value={search} onSearch={setSearch} />
      </div>
      {repositories.isPending && <Waiting />}
      {repositories.isError && !found && (
        <ErrorNotice title="The repositories could not be loaded" error={repositories.error} onRetry={() => void repositories.refetch()} />
      )}
      {found?.length === 0 && <p className="text-muted">{search ? 'No repository matches.' : 'The account has no repositories.'}</p>}
      {found && found.length > 0 && (
        <fieldset aria-describedby={errors ? 'repository-error' : undefined} aria-busy={repositories.isFetching}>
          <legend className="sr-only">Repository</legend>
          <div className="divide-y divide-line rounded-lg border border-line">
            {found.map((repository, index) => (
              <Row
                key={repository.id}
                repository={repository}
                checked={chosen === repository.fullName}
                invalid={errors !== undefined && index === 0}
                onChoose={() => onChoose(repository.fullName, repository.defaultBranch)}
              />
            ))}
          </div>
        </fieldset>
      )}
      {found && total > found.length && <p className="text-[0.8125rem] text-muted">{total - found.length} more: search for a part of the name.</p>}
      {chosen && !found?.some(({ fullName }) => fullName === chosen) && <p>Chosen: {chosen}</p>}
      {errors && (
        <p id="repository-error" role="alert" className="text-[0.8125rem] text-bad">
          {errors.join(' ')}
        </p>
      )}
    </div>
  );
}

function Row({ repository, checked, invalid, onChoose }: { repository: Repository; checked: boolean; invalid: boolean; onChoose: () => void }) {
  const { fullName, private: isPrivate, language, pushedAt } = repository;
  return (
    <label className={clsx('flex cursor-pointer items-center gap-3 px-3.5 py-2.5', checked ? 'bg-accent-soft' : 'hover:bg-sunken')}>
      <input
        type="radio"
        name="repository"
        value={fullName}
        checked={checked}
        aria-invalid={invalid || undefined}
        onChange={onChoose}
        className="size-4 shrink-0 accent-accent"
      />
      <span className="min-w-0 flex-1 font-medium break-all">
        {fullName}
        {isPrivate && (
          <>
            <Lock aria-hidden className="ml-1.5 inline size-3.5 text-muted" />
            <span className="sr-only"> private</span>
          </>
        )}
      </span>
      <span className="text-[0.8125rem] whitespace-nowrap text-muted max-sm:hidden">
        {language} {pushedAt && <RelativeTime at={pushedAt} />}
      </span>
    </label>
  );
}

function Waiting() {
  return (
    <Loading label="Loading repositories">
      <div className="grid gap-2">
        <Skeleton className="h-10" />
        <Skeleton className="h-10" />
        <Skeleton className="h-10" />
      </div>
    </Loading>
  );
}
