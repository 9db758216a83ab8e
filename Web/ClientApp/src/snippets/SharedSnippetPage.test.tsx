import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Route, Routes } from 'react-router';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Snippet } from '../api/types';
import { ApiServer, failure } from '../test/apiServer';
import { renderAt } from '../test/renderApp';
import SharedSnippetPage from './SharedSnippetPage';

let server: ApiServer;

const snippet = (part: Partial<Snippet> = {}): Snippet => ({
  id: '0190f5e0-0000-7000-8000-000000000001',
  owner: '0190f5e0-0000-7000-8000-000000000002',
  author: { id: '0190f5e0-0000-7000-8000-000000000002', name: 'Ada' },
  title: 'Sum of two',
  description: 'Adds what it is given.',
  language: 'python',
  code: 'print(sum(map(int, input().split())))',
  files: [
    { name: 'main.py', content: 'print(sum(map(int, input().split())))' },
    { name: 'notes.txt', content: 'Nothing to see' },
  ],
  tags: ['numbers'],
  visibility: 'unlisted',
  stdin: '1 2',
  args: [],
  version: 3,
  forkedFrom: null,
  stars: 0,
  forks: 0,
  starred: false,
  canWrite: false,
  shareUrl: 'http://localhost:8080/s/Zk3f9',
  embedUrl: '/api/snippets/shared/Zk3f9/embed',
  createdAt: '2026-01-01T00:00:00Z',
  updatedAt: '2026-01-02T00:00:00Z',
  ...part,
});

beforeEach(async () => {
  server = await ApiServer.start();
  server.on('GET /api/auth/session', failure(401, 'UNAUTHORIZED', 'Nobody.'));
  server.on('GET /api/execute/languages', {
    body: { languages: [{ id: 'python', name: 'Python', version: '3.11', example: '', ready: true }] },
  });
});

afterEach(() => server.stop());

const open = () =>
  renderAt(
    '/s/Zk3f9',
    <Routes>
      <Route path="s/:shareId" element={<SharedSnippetPage />} />
    </Routes>,
  );

it('shows every file of a snippet to whoever has the link', async () => {
  server.on('GET /api/snippets/shared/Zk3f9', { body: snippet() });
  open();
  await screen.findByRole('heading', { name: 'Sum of two' });
  await screen.findByText(/Python · by Ada/);
  expect(screen.getByLabelText('main.py')).toHaveTextContent('print(sum(map(int, input().split())))');
  await userEvent.click(screen.getByRole('button', { name: 'notes.txt' }));
  expect(screen.getByLabelText('notes.txt')).toHaveTextContent('Nothing to see');
});

it('runs it with its saved input, and with another one', async () => {
  server.on('GET /api/snippets/shared/Zk3f9', { body: snippet() });
  server.on('POST /api/snippets/shared/Zk3f9/run', failure(429, 'QUEUE_FULL', 'Too many runs wait.'));
  open();
  await userEvent.click(await screen.findByRole('button', { name: 'Run' }));
  await within(screen.getByRole('region', { name: 'Output' })).findByText(/Too many runs wait/);
  await userEvent.clear(screen.getByLabelText(/Standard input/));
  await userEvent.type(screen.getByLabelText(/Standard input/), '3 4');
  await userEvent.click(screen.getByRole('button', { name: 'Run' }));
  await expect.poll(() => server.calls('POST /api/snippets/shared/Zk3f9/run').map((call) => call.body)).toEqual([{ stdin: '1 2' }, { stdin: '3 4' }]);
});

it('says so when the link leads nowhere', async () => {
  server.on('GET /api/snippets/shared/Zk3f9', failure(404, 'SNIPPET_NOT_FOUND', 'There is no such snippet.'));
  open();
  await screen.findByText('There is no such snippet');
  expect(screen.queryByRole('button', { name: /Try again/ })).toBeNull();
});
