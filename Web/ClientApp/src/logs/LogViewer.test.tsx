import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WebSocket as ServerSocket } from 'ws';
import type { LogLine } from '../api/types';
import { ApiServer } from '../test/apiServer';
import { detail, logLine, logLines } from '../test/deployments';
import { renderAt } from '../test/renderApp';
import { LogViewer } from './LogViewer';

let server: ApiServer;
let stored: LogLine[];

beforeEach(async () => {
  server = await ApiServer.start();
  stored = [];
  server.on('GET /api/deployments/dep-1/logs', ({ query }) => {
    const after = Number(query.get('after') ?? 0);
    const lines = stored.filter((line) => line.seq > after).slice(0, Number(query.get('limit')));
    return { body: { lines, lastSeq: stored.length, total: stored.length } };
  });
});

afterEach(() => server.stop());

const region = () => screen.getByRole('log', { name: 'Build log' });
const rows = () => [...region().querySelectorAll<HTMLElement>('[data-index]')];

/** Gives the log a height, as layout would, and puts the reader at a place in it. */
function scrollTo(top: number, height = 2_000) {
  Object.defineProperties(region(), {
    scrollHeight: { configurable: true, get: () => height },
    clientHeight: { configurable: true, get: () => 400 },
  });
  act(() => {
    region().scrollTop = top;
    fireEvent.scroll(region());
  });
}

async function running(): Promise<ServerSocket> {
  let client: ServerSocket | undefined;
  server.onSocket((socket) => {
    client = socket;
  });
  renderAt('/deployments/dep-1', <LogViewer deployment={detail('building')} />);
  await screen.findByText('Live');
  if (!client) throw new Error('The page says live, but no stream was opened.');
  return client;
}

describe('a finished log', () => {
  it('keeps only a screenful of 20,000 lines in the page', async () => {
    stored = logLines(20_000);
    renderAt('/deployments/dep-1', <LogViewer deployment={detail('success')} />);
    await screen.findByText('20,000 lines');
    expect(rows().length).toBeGreaterThan(5);
    expect(rows().length).toBeLessThan(100);
  }, 15_000);

  it('shows markup as text, colours as colours, and drops other escapes', async () => {
    stored = [logLine(1, '<img src=x onerror=alert(1)> \u001b]0;title\u0007\u001b[32mgreen\u001b[0m')];
    renderAt('/deployments/dep-1', <LogViewer deployment={detail('success')} />);
    expect(await screen.findByText('green')).toHaveStyle({ color: 'var(--ansi-2)' });
    expect(region()).toHaveTextContent('<img src=x onerror=alert(1)> green');
    expect(region().querySelector('img')).toBeNull();
  });

  it('finds text, counts the lines and steps through them', async () => {
    stored = [...logLines(30), logLine(31, 'Needle one'), logLine(32, '\u001b[1mneed\u001b[0mle two')];
    renderAt('/deployments/dep-1', <LogViewer deployment={detail('success')} />);
    await screen.findByText('32 lines');
    const user = userEvent.setup();
    await user.type(screen.getByLabelText('Search the log'), 'needle');
    expect(await screen.findByText('1 of 2')).toBeInTheDocument();
    await user.keyboard('{Enter}');
    expect(screen.getByText('2 of 2')).toBeInTheDocument();
    await user.keyboard('{Enter}{Shift>}{Enter}{/Shift}');
    expect(screen.getByText('2 of 2')).toBeInTheDocument();
    await user.type(screen.getByLabelText('Search the log'), ' three');
    expect(screen.getByText('No match')).toBeInTheDocument();
  });

  it('offers the first error only if there is one', async () => {
    stored = [logLine(1), logLine(2, 'exit code 2', 'error')];
    renderAt('/deployments/dep-1', <LogViewer deployment={detail('failed')} />);
    await userEvent.click(await screen.findByRole('button', { name: 'First error' }));
    expect(rows().find((row) => row.dataset.index === '1')).toHaveClass('bg-accent-soft!');
  });

  it('says that nothing was logged', async () => {
    renderAt('/deployments/dep-1', <LogViewer deployment={detail('cancelled')} />);
    expect(await screen.findByText('No lines were logged.')).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'Pause' })).toBeNull();
  });
});

describe('a running log', () => {
  it('shows lines as they arrive', async () => {
    const socket = await running();
    expect(screen.getByText('Waiting for the first line…')).toBeInTheDocument();
    socket.send(JSON.stringify({ type: 'log', ...logLine(1, 'npm ci') }));
    expect(await within(region()).findByText('npm ci')).toBeInTheDocument();
  });

  it('never moves a reader who scrolled up, and counts what they have not seen', async () => {
    stored = logLines(50);
    const socket = await running();
    scrollTo(1_600);
    scrollTo(500);
    expect(screen.getByRole('button', { name: 'Follow' })).toHaveAttribute('aria-pressed', 'false');
    socket.send(JSON.stringify({ type: 'log', ...logLine(51) }));
    socket.send(JSON.stringify({ type: 'log', ...logLine(52) }));
    await screen.findByRole('button', { name: '2 new lines' });
    expect(region().scrollTop).toBe(500);
  });

  it('follows again at the end, by button or by scrolling there', async () => {
    stored = logLines(50);
    const socket = await running();
    scrollTo(1_600);
    scrollTo(500);
    scrollTo(1_600);
    expect(screen.getByRole('button', { name: 'Pause' })).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Pause' }));
    socket.send(JSON.stringify({ type: 'log', ...logLine(51) }));
    await userEvent.click(await screen.findByRole('button', { name: '1 new line' }));
    await waitFor(() => expect(region().scrollTop).toBe(2_000));
    expect(screen.getByRole('button', { name: 'Pause' })).toHaveAttribute('aria-pressed', 'true');
  });

  it('opens at the line of the address and stays there', async () => {
    stored = logLines(50);
    server.onSocket(() => undefined);
    renderAt('/deployments/dep-1#L20', <LogViewer deployment={detail('building')} />);
    await screen.findByText('Live');
    expect(screen.getByRole('button', { name: 'Follow' })).toBeInTheDocument();
    await waitFor(() => expect(rows().find((row) => row.dataset.index === '19')).toHaveClass('bg-accent-soft!'));
  });
});
