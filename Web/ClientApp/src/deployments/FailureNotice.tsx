import type { DeploymentFailure } from '../api/types';

/** Why a deployment failed: the reason, what helps, and the line of the log that shows it. */
export function FailureNotice({ error }: { error: DeploymentFailure }) {
  return (
    <section aria-labelledby="failure" className="rounded-[10px] border border-bad/40 bg-bad-soft p-4">
      <h2 id="failure" className="font-semibold">
        Why it failed
      </h2>
      <p className="mt-1 whitespace-pre-line">{error.message}</p>
      {error.hint && <p className="mt-1.5 whitespace-pre-line">{error.hint}</p>}
      {error.line && (
        <p className="mt-2 rounded-md bg-surface px-3 py-2 font-mono text-xs break-words whitespace-pre-wrap">
          <span className="sr-only">First line of the log that shows it: </span>
          {error.line}
        </p>
      )}
      <p className="mt-2 font-mono text-xs">{error.code}</p>
    </section>
  );
}
