import { ChevronLeft, ChevronRight } from 'lucide-react';
import { Link, useSearchParams } from 'react-router';
import type { Pagination } from '../api/types';
import { buttonStyle } from '../ui/buttonStyle';

export function Pager({ pagination, things = 'deployments' }: { pagination: Pagination; things?: string }) {
  const { currentPage, totalPages, totalItems } = pagination;
  if (totalPages <= 1) return null;
  return (
    <nav aria-label="Pages" className="mt-4 flex flex-wrap items-center justify-between gap-3">
      <p className="tabular text-muted">
        Page {currentPage} of {totalPages} · {totalItems.toLocaleString('en')} {things}
      </p>
      <div className="flex gap-2">
        <Step page={currentPage - 1} label="Previous" enabled={currentPage > 1} />
        <Step page={currentPage + 1} label="Next" enabled={currentPage < totalPages} />
      </div>
    </nav>
  );
}

function Step({ page, label, enabled }: { page: number; label: 'Previous' | 'Next'; enabled: boolean }) {
  const [params] = useSearchParams();
  const next = new URLSearchParams(params);
  if (page > 1) next.set('page', String(page));
  else next.delete('page');
  const content = (
    <>
      {label === 'Previous' && <ChevronLeft aria-hidden className="size-4" />}
      {label}
      {label === 'Next' && <ChevronRight aria-hidden className="size-4" />}
    </>
  );
  if (!enabled) {
    return (
      <span aria-disabled="true" className={buttonStyle('secondary')}>
        {content}
      </span>
    );
  }
  return (
    <Link to={{ search: next.toString() }} className={buttonStyle('secondary')}>
      {content}
    </Link>
  );
}
