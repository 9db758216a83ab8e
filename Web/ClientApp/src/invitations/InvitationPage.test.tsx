import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Route, Routes } from 'react-router';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ada, ApiServer, failure, session } from '../test/apiServer';
import { expectAccessible } from '../test/axe';
import { renderAt } from '../test/renderApp';
import InvitationPage from './InvitationPage';

let server: ApiServer;

const path = '/api/invitations';
const preview = { organization: 'Acme', slug: 'acme', email: 'ADA@example.com', role: 'developer', invitedBy: 'Grace', expiresAt: '2030-01-01T00:00:00Z' };

beforeEach(async () => {
  server = await ApiServer.start();
  server.on('GET /api/auth/session', failure(401, 'UNAUTHORIZED', 'Sign in to continue.'));
  server.on(`POST ${path}/preview`, { body: preview });
});

afterEach(() => server.stop());

const open = () =>
  renderAt(
    '/invitations#token=secret',
    <Routes>
      <Route path="/invitations" element={<InvitationPage />} />
      <Route path="*" element={<h1>Elsewhere</h1>} />
    </Routes>,
  );

it('asks who has no session to get one first, and comes back', async () => {
  open();
  expect(await screen.findByRole('link', { name: 'Create an account' })).toHaveAttribute('href', '/signup?next=%2Finvitations%23token%3Dsecret');
  expect(screen.getByRole('link', { name: 'Sign in' })).toHaveAttribute('href', '/login?next=%2Finvitations%23token%3Dsecret');
  expect(screen.queryByRole('button', { name: 'Accept' })).toBeNull();
  await expectAccessible();
});

it('is accepted by the account of the address, however it is spelt', async () => {
  const user = userEvent.setup();
  server.on('GET /api/auth/session', { body: session });
  server.on(`POST ${path}/accept`, { body: { id: 'org-1', name: 'Acme', slug: 'acme', role: 'developer', memberCount: 2, createdAt: '2026-01-01T00:00:00Z' } });
  open();
  await user.click(await screen.findByRole('button', { name: 'Accept' }));
  await waitFor(() => expect(screen.getByLabelText('Address')).toHaveTextContent('/organizations/org-1'));
});

it('is not for another account', async () => {
  const user = userEvent.setup();
  server.on('GET /api/auth/session', { body: { ...session, user: { ...ada, email: 'other@example.com' } } });
  server.on('POST /api/auth/logout', { status: 204 });
  open();
  await screen.findByText(/for another address/);
  expect(screen.queryByRole('button', { name: 'Accept' })).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Sign out' }));
  await screen.findByRole('link', { name: 'Create an account' });
});

it('waits for the proof of the address', async () => {
  server.on('GET /api/auth/session', { body: { ...session, user: { ...ada, emailVerified: false } } });
  open();
  expect(await screen.findByRole('link', { name: 'Confirm your address' })).toHaveAttribute('href', '/verify-email?next=%2Finvitations%23token%3Dsecret');
});

it('is declined without an account, after asking', async () => {
  const user = userEvent.setup();
  server.on(`POST ${path}/decline`, { status: 204 });
  open();
  await user.click(await screen.findByRole('button', { name: 'Decline' }));
  expect(server.calls(`POST ${path}/decline`)).toHaveLength(0);
  await user.click(screen.getByRole('button', { name: 'Decline for good' }));
  await screen.findByRole('heading', { name: 'Declined' });
});

it('that is over says so', async () => {
  server.on(`POST ${path}/preview`, failure(404, 'INVITATION_NOT_FOUND', 'x'));
  open();
  await screen.findByText('This invitation is over');
});

it('whose link is not complete says so', async () => {
  renderAt('/invitations', <InvitationPage />);
  await screen.findByText('This invitation is over');
});

it('that was taken back meanwhile says so, too', async () => {
  const user = userEvent.setup();
  server.on('GET /api/auth/session', { body: session });
  server.on(`POST ${path}/accept`, failure(404, 'INVITATION_NOT_FOUND', 'This invitation does not exist or is no longer valid.'));
  open();
  await user.click(await screen.findByRole('button', { name: 'Accept' }));
  await screen.findByText('You did not join');
});
