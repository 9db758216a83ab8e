import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { listLanguages } from '../api/endpoints';
import { ApiError } from '../api/errors';
import { embedMarkup, getSharedSnippet } from '../api/snippets';
import type { Snippet } from '../api/types';
import { CopyButton } from '../ui/CopyButton';
import { ErrorNotice } from '../ui/ErrorNotice';
import { PageSkeleton } from '../ui/Skeleton';
import { RelativeTime } from '../ui/Time';
import { usePageTitle } from '../ui/usePageTitle';
import { SharedSnippetFiles } from './SharedSnippetFiles';
import { SharedSnippetRun } from './SharedSnippetRun';

/** Where the link of a shared snippet leads: everybody who has it may read and run it. */
export default function SharedSnippetPage() {
  const { shareId = '' } = useParams();
  const snippet = useQuery({
    queryKey: ['sharedSnippet', shareId],
    queryFn: ({ signal }) => getSharedSnippet(shareId, signal),
  });
  usePageTitle(snippet.data?.title ?? 'Snippet');

  if (snippet.isPending) return <PageSkeleton />;
  if (!snippet.data) {
    const gone = snippet.error instanceof ApiError && snippet.error.status === 404;
    return (
      <>
        <h1 className="mb-4 text-xl font-semibold">Snippet</h1>
        <ErrorNotice
          title={gone ? 'There is no such snippet' : 'The snippet could not be loaded'}
          error={gone ? new Error('It was deleted or made private, or its address is not complete.') : snippet.error}
          onRetry={gone ? undefined : () => void snippet.refetch()}
        />
      </>
    );
  }
  return (
    <>
      <Header snippet={snippet.data} />
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <SharedSnippetFiles files={snippet.data.files} />
        <SharedSnippetRun shareId={shareId} snippet={snippet.data} />
      </div>
    </>
  );
}

function Header({ snippet }: { snippet: Snippet }) {
  const languages = useQuery({
    queryKey: ['languages'],
    queryFn: ({ signal }) => listLanguages(signal),
    staleTime: 60_000,
  });
  const embed = useQuery({ queryKey: ['embed', snippet.id, snippet.title], queryFn: () => embedMarkup(snippet) });
  const language = languages.data?.find((each) => each.id === snippet.language)?.name ?? snippet.language;
  return (
    <div className="mb-6 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        <h1 className="text-xl font-semibold break-words">{snippet.title}</h1>
        <p className="mt-0.5 text-muted">
          {language}
          {snippet.author && <> · by {snippet.author.name}</>} · changed <RelativeTime at={snippet.updatedAt} />
        </p>
        {snippet.description && <p className="mt-2 max-w-3xl break-words whitespace-pre-wrap">{snippet.description}</p>}
        {snippet.tags.length > 0 && (
          <ul aria-label="Tags" className="mt-2 flex flex-wrap gap-1.5">
            {snippet.tags.map((tag) => (
              <li key={tag} className="rounded-[6px] bg-sunken px-2 py-0.5 text-[0.8125rem] text-muted">
                {tag}
              </li>
            ))}
          </ul>
        )}
      </div>
      <div className="flex flex-wrap gap-2">
        {snippet.shareUrl && <CopyButton text={() => window.location.href} label="Copy link" size="small" />}
        {embed.data && <CopyButton text={embed.data} label="Copy embed code" size="small" />}
      </div>
    </div>
  );
}
