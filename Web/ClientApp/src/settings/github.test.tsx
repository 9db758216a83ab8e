import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Route, Routes } from 'react-router';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ApiServer, session } from '../test/apiServer';
import { expectAccessible } from '../test/axe';
import { organization, organizations } from '../test/projects';
import { renderAt } from '../test/renderApp';
import { Toasts } from '../ui/Toasts';
import SettingsPage from './SettingsPage';

let server: ApiServer;

const none = { available: true, appAvailable: false, connected: false, broken: false, username: null as string | null, scopes: [] as string[], connectedAt: null as string | null, appInstalled: false, repositoriesShown: false };
const connected = { ...none, connected: true, username: 'ada', scopes: ['repo', 'user:email'], connectedAt: '2026-01-01T00:00:00Z', repositoriesShown: true };
const one = { currentPage: 1, totalPages: 1, totalItems: 1 };
const delivery = {
  id: 'del-1',
  deliveryId: 'gh-1',
  event: 'push',
  action: null,
  repository: 'ada/site',
  status: 'processed',
  reason: null,
  attempts: 1,
  receivedAt: '2026-01-01T00:00:00Z',
  projects: [{ projectId: 'project-1', project: 'site', outcome: 'deployed', reason: null, deploymentId: 'dep-1' }],
};

beforeEach(async () => {
  server = await ApiServer.start();
  server.on('GET /api/auth/session', { body: session });
  server.on('GET /api/organizations', organizations());
  server.on('GET /api/github/connection', { body: none });
  server.on('GET /api/github/deliveries', { body: { deliveries: [], pagination: { ...one, totalItems: 0 } } });
});

afterEach(() => server.stop());

const open = (path = '/settings/github') =>
  renderAt(
    path,
    <>
      <Routes>
        <Route path="/settings/:tab?" element={<SettingsPage />} />
      </Routes>
      <Toasts />
    </>,
  );

it('sends the browser to GitHub, and comes back here', async () => {
  const assign = vi.fn();
  vi.stubGlobal('location', { ...window.location, origin: 'http://localhost:3000', assign });
  server.on('POST /api/github/connect', { body: { url: 'https://github.com/login/oauth/authorize?state=s' } });
  open();
  await userEvent.click(await screen.findByRole('button', { name: 'Connect GitHub' }));
  await waitFor(() => expect(assign).toHaveBeenCalledWith('https://github.com/login/oauth/authorize?state=s'));
  expect(server.calls('POST /api/github/connect')[0]?.body).toEqual({ returnUrl: 'http://localhost:3000/settings/github' });
});

it('says when this installation has no GitHub', async () => {
  server.on('GET /api/github/connection', { body: { ...none, available: false } });
  open();
  await screen.findByText(/This installation has no connection to GitHub/);
  expect(screen.queryByRole('button', { name: 'Connect GitHub' })).toBeNull();
  expect(screen.queryByRole('heading', { name: 'Deliveries' })).toBeNull();
});

it('is no part of the settings where this installation has no GitHub', async () => {
  server.on('GET /api/github/connection', { body: { ...none, available: false } });
  open('/settings/appearance');
  await waitFor(() => expect(screen.queryByRole('link', { name: 'GitHub' })).toBeNull());
  expect(screen.getByRole('link', { name: 'Profile' })).toBeInTheDocument();
});

it('offers the App where there is one, and only until it is installed', async () => {
  const assign = vi.fn();
  vi.stubGlobal('location', { ...window.location, origin: 'http://localhost:3000', assign });
  server.on('GET /api/github/connection', { body: { ...connected, appAvailable: true } });
  server.on('GET /api/github/repos', { body: { repositories: [], pagination: one } });
  const { unmount } = open();
  await userEvent.click(await screen.findByRole('button', { name: 'Install the App' }));
  await waitFor(() => expect(assign).toHaveBeenCalledWith(expect.stringMatching(/\/api\/github\/app\/install\?returnUrl=http%3A%2F%2Flocalhost%3A3000%2Fsettings%2Fgithub$/)));
  unmount();
  server.on('GET /api/github/connection', { body: { ...connected, appAvailable: true, appInstalled: true } });
  open();
  await screen.findByText(/App installed/);
  expect(screen.queryByRole('button', { name: 'Install the App' })).toBeNull();
});

it('tells why the way back failed', async () => {
  open('/settings/github?error=OAUTH_DENIED');
  expect(await screen.findByRole('alert')).toHaveTextContent('You did not allow the sign-in there.');
});

it('shows the connection and its repositories, and forgets it after asking', async () => {
  let shown = connected;
  server.on('GET /api/github/connection', () => ({ body: shown }));
  server.on('GET /api/github/repos', {
    body: {
      repositories: [{ id: 1, owner: 'ada', name: 'site', fullName: 'ada/site', private: true, fork: false, archived: false, defaultBranch: 'trunk', description: null, language: 'TypeScript', pushedAt: null }],
      pagination: one,
    },
  });
  server.on('DELETE /api/github/disconnect', () => {
    shown = none as typeof connected;
    return { status: 204 };
  });
  open();
  expect(await screen.findByRole('link', { name: 'Deploy ada/site' })).toHaveAttribute('href', '/deploy?repository=ada%2Fsite&branch=trunk');
  await expectAccessible();
  await userEvent.click(screen.getByRole('button', { name: 'Disconnect GitHub' }));
  expect(server.calls('DELETE /api/github/disconnect')).toHaveLength(0);
  await userEvent.click(within(screen.getByRole('group', { name: 'Disconnect GitHub' })).getByRole('button', { name: 'Disconnect' }));
  await screen.findByRole('button', { name: 'Connect GitHub' });
  expect(screen.queryByText('ada/site')).toBeNull();
});

it('asks to connect again what GitHub does not accept any more', async () => {
  server.on('GET /api/github/connection', { body: { ...connected, connected: false, broken: true } });
  open();
  await screen.findByRole('button', { name: 'Connect again' });
  expect(screen.getByText(/does not accept the connection any more/)).toBeInTheDocument();
});

it('replays deliveries, those of an organization as well', async () => {
  server.on('GET /api/organizations', organizations(organization('admin'), organization('viewer', 'org-2')));
  server.on('GET /api/github/deliveries', { body: { deliveries: [delivery], pagination: one } });
  server.on('POST /api/github/deliveries/del-1/replay', { status: 202 });
  open();
  expect(await screen.findByRole('link', { name: 'deployed' })).toHaveAttribute('href', '/deployments/dep-1');
  await userEvent.click(screen.getByRole('button', { name: 'Replay push' }));
  await screen.findByText('It is processed again');
  const owners = screen.getByLabelText('Projects of');
  expect(within(owners).getAllByRole('option')).toHaveLength(2);
  await userEvent.selectOptions(owners, 'org-1');
  await waitFor(() => expect(server.calls('GET /api/github/deliveries').at(-1)?.query.get('owner')).toBe('org-1'));
});
