import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Route, Routes } from 'react-router';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ada, ApiServer, failure, session } from '../test/apiServer';
import { expectAccessible } from '../test/axe';
import { renderAt } from '../test/renderApp';
import AdminAuditPage from './AdminAuditPage';
import AdminLayout from './AdminLayout';
import AdminUsersPage from './AdminUsersPage';

let server: ApiServer;

const user = (id: string, name: string, part = {}) => ({
  id,
  name,
  email: `${id}@example.com`,
  emailVerified: true,
  role: 'user',
  createdAt: '2026-01-01T00:00:00Z',
  disabledAt: null as string | null,
  ...part,
});
const answer = (users: ReturnType<typeof user>[], nextCursor: string | null = null) => ({
  body: { users, pagination: { currentPage: 1, totalPages: 1, totalItems: users.length }, nextCursor },
});

beforeEach(async () => {
  server = await ApiServer.start();
  server.on('GET /api/auth/session', { body: { ...session, user: { ...ada, role: 'admin' } } });
  server.on('GET /api/admin/users', answer([user('user-1', 'Ada Lovelace', { role: 'admin' }), user('user-2', 'Mallory')]));
});

afterEach(() => server.stop());

const open = (path: string) =>
  renderAt(
    path,
    <Routes>
      <Route path="/admin" element={<AdminLayout />}>
        <Route path="users" element={<AdminUsersPage />} />
        <Route path="audit" element={<AdminAuditPage />} />
      </Route>
    </Routes>,
  );

it('is not there for others', async () => {
  server.on('GET /api/auth/session', { body: session });
  open('/admin/users');
  await waitFor(() => expect(server.calls('GET /api/auth/session')).toHaveLength(1));
  expect(screen.queryByRole('heading', { name: 'Administration' })).toBeNull();
  expect(server.calls('GET /api/admin/users')).toHaveLength(0);
});

describe('users', () => {
  it('are found by name, state and role, and the address keeps it', async () => {
    const person = userEvent.setup();
    open('/admin/users');
    await screen.findByText('Mallory');
    await expectAccessible();
    server.on('GET /api/admin/users', answer([]));
    await person.type(screen.getByLabelText('Name or address'), ' nobody {Enter}');
    await screen.findByText('No account matches');
    await person.selectOptions(screen.getByLabelText('State'), 'disabled');
    await person.selectOptions(screen.getByLabelText('Role'), 'admin');
    await waitFor(() => expect(screen.getByLabelText('Address')).toHaveTextContent('/admin/users?search=nobody&status=disabled&role=admin'));
    await waitFor(() =>
      expect(Object.fromEntries(server.calls('GET /api/admin/users').at(-1)?.query ?? [])).toEqual({ search: 'nobody', status: 'disabled', role: 'admin', limit: '50' }),
    );
  });

  it('are closed after asking, opened again, and get roles', async () => {
    const person = userEvent.setup();
    server.on('POST /api/admin/users/user-2/disable', { status: 204 });
    server.on('POST /api/admin/users/user-2/enable', { status: 204 });
    server.on('PUT /api/admin/users/user-2/role', failure(403, 'FORBIDDEN', 'You are no administrator any more.'));
    open('/admin/users');
    await person.click(await screen.findByRole('button', { name: 'Close user-2@example.com' }));
    expect(server.calls('POST /api/admin/users/user-2/disable')).toHaveLength(0);
    server.on('GET /api/admin/users', answer([user('user-2', 'Mallory', { disabledAt: '2026-01-02T00:00:00Z' })]));
    await person.click(within(screen.getByRole('group', { name: 'Close user-2@example.com' })).getByRole('button', { name: 'Close the account' }));
    await screen.findByText('closed');
    server.on('GET /api/admin/users', answer([user('user-2', 'Mallory')]));
    await person.click(screen.getByRole('button', { name: 'Open again user-2@example.com' }));
    await waitFor(() => expect(screen.queryByText('closed')).toBeNull());
    await waitFor(() => expect(screen.getByLabelText('Role of user-2@example.com')).toBeEnabled());
    await person.selectOptions(screen.getByLabelText('Role of user-2@example.com'), 'admin');
    await screen.findByText('You are no administrator any more.');
    expect(screen.getByLabelText('Role of user-2@example.com')).toHaveValue('user');
    expect(server.calls('PUT /api/admin/users/user-2/role')[0]?.body).toEqual({ role: 'admin' });
  });

  it('do nothing to themselves', async () => {
    open('/admin/users');
    await screen.findByText('Ada Lovelace');
    expect(screen.queryByLabelText('Role of user-1@example.com')).toBeNull();
    expect(screen.queryByRole('button', { name: 'Close user-1@example.com' })).toBeNull();
  });

  it('go on by cursor', async () => {
    const person = userEvent.setup();
    server.on('GET /api/admin/users', ({ query }) => (query.get('cursor') === 'c-1' ? answer([user('user-3', 'Trent')]) : answer([user('user-2', 'Mallory')], 'c-1')));
    open('/admin/users');
    await screen.findByText('Mallory');
    await person.click(screen.getByRole('button', { name: 'Load more' }));
    await screen.findByText('Trent');
  });

  it('say when they cannot be loaded', async () => {
    server.on('GET /api/admin/users', failure(503, 'SERVICE_UNAVAILABLE', 'Try again shortly.'));
    open('/admin/users');
    await screen.findByText('The users could not be loaded');
  });
});

it('shows the audit log, filtered', async () => {
  const person = userEvent.setup();
  server.on('GET /api/admin/audit', { body: { events: [], nextCursor: null } });
  open('/admin/audit');
  await screen.findByText('No event matches.');
  await person.selectOptions(screen.getByLabelText('What'), 'Sign-in refused');
  await person.type(screen.getByLabelText('From'), '2026-01-01T10:00');
  await person.click(screen.getByRole('button', { name: 'Show' }));
  await waitFor(() => expect(server.calls('GET /api/admin/audit')).toHaveLength(2));
  expect(Object.fromEntries(server.calls('GET /api/admin/audit')[1]?.query ?? [])).toEqual({
    action: 'session.refused',
    from: new Date('2026-01-01T10:00').toISOString(),
  });
  expect(screen.getByLabelText('What')).toHaveValue('session.refused');
  await expectAccessible();
});
