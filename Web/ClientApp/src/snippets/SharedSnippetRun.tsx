import { Play, Square } from 'lucide-react';
import { useCallback, useState } from 'react';
import { runSharedSnippet } from '../api/snippets';
import type { RunSnippetRequest, Snippet } from '../api/types';
import { Output } from '../run/Output';
import { StdinField } from '../run/StdinField';
import { useRun } from '../run/useRun';
import { buttonStyle } from '../ui/buttonStyle';

/** Runs the snippet as it is shared, with its saved input or another one. */
export function SharedSnippetRun({ shareId, snippet }: { shareId: string; snippet: Snippet }) {
  const [stdin, setStdin] = useState(snippet.stdin);
  const send = useCallback((request: RunSnippetRequest, signal: AbortSignal) => runSharedSnippet(shareId, request, signal), [shareId]);
  const { state, run, stop } = useRun(send);
  const running = state.kind === 'running';
  const start = () => void run({ stdin });

  return (
    <div className="grid min-w-0 gap-4">
      <form
        aria-label="Run"
        className="panel p-3"
        onSubmit={(event) => {
          event.preventDefault();
          start();
        }}
      >
        <StdinField value={stdin} onChange={setStdin} />
        {snippet.args.length > 0 && (
          <p className="mt-2 text-[0.8125rem] break-words text-muted">
            Arguments: <code className="font-mono">{snippet.args.join(' ')}</code>
          </p>
        )}
        <div className="mt-3 flex justify-end gap-2">
          {running && (
            <button type="button" className={buttonStyle('secondary', 'small')} onClick={stop}>
              <Square aria-hidden className="size-3" /> Stop
            </button>
          )}
          <button type="submit" aria-disabled={running} className={buttonStyle('primary', 'small')}>
            <Play aria-hidden className="size-3.5" /> {running ? 'Running…' : 'Run'}
          </button>
        </div>
      </form>
      <Output state={state} onRetry={start} />
    </div>
  );
}
