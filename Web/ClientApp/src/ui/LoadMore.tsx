import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import { buttonStyle } from './buttonStyle';
import { ErrorNotice } from './ErrorNotice';

type Pages = Pick<UseInfiniteQueryResult, 'hasNextPage' | 'isFetchingNextPage' | 'isFetchNextPageError' | 'error' | 'fetchNextPage'>;

/** The end of a list that has more than is shown. */
export function LoadMore({ query, label = 'Load more' }: { query: Pages; label?: string }) {
  if (query.isFetchNextPageError) {
    return <ErrorNotice title="The rest could not be loaded" error={query.error} onRetry={() => void query.fetchNextPage()} />;
  }
  if (!query.hasNextPage) return null;
  return (
    <div>
      <button
        type="button"
        aria-disabled={query.isFetchingNextPage}
        className={buttonStyle('secondary', 'small')}
        onClick={() => {
          if (!query.isFetchingNextPage) void query.fetchNextPage();
        }}
      >
        {query.isFetchingNextPage ? 'Loading…' : label}
      </button>
    </div>
  );
}
