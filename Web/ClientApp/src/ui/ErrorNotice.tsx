import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { ApiError } from '../api/errors';
import { buttonStyle } from './buttonStyle';
import { CopyButton } from './CopyButton';
import { waitText } from './format';

interface ErrorNoticeProps {
  title: string;
  error: unknown;
  onRetry?: () => void;
  /** For answers that are no fault of the server: leaves out what only a search in its log needs. */
  plain?: boolean;
  children?: ReactNode;
}

/** What failed, why, what to do next, and the id by which the server's log knows the request. */
export function ErrorNotice({ title, error, onRetry, plain = false, children }: ErrorNoticeProps) {
  const failure = error instanceof ApiError ? error : null;
  const requestId = plain ? null : (failure?.requestId ?? null);
  const message = error instanceof Error ? error.message : String(error);
  return (
    <div role="alert" className="rounded-[10px] border border-bad/40 bg-bad-soft p-4">
      <div className="flex gap-3">
        <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
        <div className="min-w-0 flex-1">
          <p className="font-medium">{title}</p>
          <p className="mt-0.5">
            {message}
            {failure?.retryAfterSeconds != null && ` Try again in ${waitText(failure.retryAfterSeconds)}.`}
          </p>
          {failure && Object.keys(failure.fields).length > 0 && (
            <ul className="mt-1 list-disc pl-4">
              {Object.entries(failure.fields).map(([field, messages]) => (
                <li key={field}>
                  <span className="font-mono text-xs">{field}</span>: {messages.join(' ')}
                </li>
              ))}
            </ul>
          )}
          {failure && !plain && (
            <p className="mt-1.5 font-mono text-xs break-all">
              {failure.code}
              {requestId && ` · request ${requestId}`}
            </p>
          )}
          {(onRetry || requestId || children) && (
            <div className="mt-3 flex flex-wrap gap-2">
              {onRetry && (
                <button type="button" className={buttonStyle('secondary', 'small')} onClick={onRetry}>
                  Try again
                </button>
              )}
              {children}
              {requestId && <CopyButton text={requestId} label="Copy request ID" size="small" />}
            </div>
          )}
        </div>
      </div>
    </div>
  );
}
