import { Component, type ReactNode } from 'react';
import { buttonStyle } from './buttonStyle';

/** The last resort: a rendering error (or a chunk of a build that is gone) shows a way on instead of a blank page. */
export class Crash extends Component<{ children: ReactNode }, { message: string | null }> {
  override state = { message: null };

  static getDerivedStateFromError(error: unknown) {
    return { message: error instanceof Error ? error.message : String(error) };
  }

  override render() {
    if (this.state.message === null) return this.props.children;
    return (
      <main className="mx-auto grid min-h-dvh max-w-md content-center gap-4 px-5">
        <h1 className="text-xl font-semibold">This page could not be shown</h1>
        <p className="text-muted">
          Something in the page failed, or Autostack was updated while it was open. Loading it again usually helps.
        </p>
        <p className="rounded-md bg-sunken px-3 py-2 font-mono text-xs break-all">{this.state.message}</p>
        <div>
          <button type="button" className={buttonStyle('primary')} onClick={() => window.location.reload()}>
            Load again
          </button>
        </div>
      </main>
    );
  }
}
