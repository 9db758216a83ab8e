import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Route, Routes } from 'react-router';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiServer, failure, session } from '../test/apiServer';
import { expectAccessible } from '../test/axe';
import { renderAt } from '../test/renderApp';
import SettingsPage from './SettingsPage';

let server: ApiServer;

const profile = {
  id: 'user-1',
  name: 'Ada Lovelace',
  email: 'ada@example.com',
  emailVerified: true,
  pendingEmail: null as string | null,
  avatarUrl: null as string | null,
  role: 'user',
  userType: 'developer',
  hostingOption: 'self_hosting',
  hostingTarget: 'aws',
  twoFactorEnabled: false,
  hasPassword: true,
  logins: [],
  createdAt: '2026-01-01T00:00:00Z',
  updatedAt: '2026-01-01T00:00:00Z',
};
const github = { id: 'github', name: 'GitHub', url: '/api/auth/github' };
const google = { id: 'google', name: 'Google', url: '/api/auth/google' };
const token = {
  id: 't-1',
  name: 'ci',
  hint: 'ast_abc',
  scopes: ['execute'],
  organizationId: null as string | null,
  createdAt: '2026-01-01T00:00:00Z',
  expiresAt: null,
  expired: false,
  lastUsedAt: null,
  lastUsedIp: null,
};
const noOrganizations = { organizations: [], pagination: { currentPage: 1, totalPages: 1, totalItems: 0 } };

beforeEach(async () => {
  server = await ApiServer.start();
  server.on('GET /api/auth/session', { body: session });
  server.on('GET /api/user/profile', { body: profile });
  server.on('GET /api/auth/2fa', { body: { enabled: false, enabledAt: null, recoveryCodesLeft: 0 } });
  server.on('GET /api/auth/sessions', { body: { sessions: [] } });
  server.on('GET /api/auth/providers', { body: { providers: [] } });
  server.on('GET /api/user/logins', { body: { logins: [], hasPassword: true, canUnlink: true } });
  server.on('GET /api/organizations', { body: noOrganizations });
});

afterEach(() => server.stop());

const open = (path: string) =>
  renderAt(
    path,
    <Routes>
      <Route path="/settings/:tab?" element={<SettingsPage />} />
    </Routes>,
  );

describe('the address', () => {
  it('is changed by a mail to the new one, after the password', async () => {
    const user = userEvent.setup();
    server.on('PUT /api/user/email', failure(403, 'WRONG_PASSWORD', 'The password is wrong.'));
    open('/settings/profile');
    await user.click(await screen.findByRole('button', { name: 'Change address…' }));
    await user.type(screen.getByLabelText('New address'), 'nonsense');
    await user.click(screen.getByRole('button', { name: 'Send the mail' }));
    await screen.findByText('This does not look like an email address.');
    expect(server.calls('PUT /api/user/email')).toHaveLength(0);

    await user.clear(screen.getByLabelText('New address'));
    await user.type(screen.getByLabelText('New address'), 'countess@example.com');
    await user.type(screen.getByLabelText('Your password'), 'wrong');
    await user.click(screen.getByRole('button', { name: 'Send the mail' }));
    await screen.findByText('The password is wrong.');

    server.on('PUT /api/user/email', { status: 202, body: { email: 'countess@example.com', expiresIn: 900 } });
    server.on('GET /api/user/profile', { body: { ...profile, pendingEmail: 'countess@example.com' } });
    await user.click(screen.getByRole('button', { name: 'Send the mail' }));
    await screen.findByText(/waits for its proof/);
    expect(server.calls('PUT /api/user/email').at(-1)?.body).toEqual({ email: 'countess@example.com', password: 'wrong' });
    await expectAccessible();
  });

  it('is confirmed by the code; a wrong one is tried once and not twice', async () => {
    const user = userEvent.setup();
    server.on('GET /api/user/profile', { body: { ...profile, pendingEmail: 'countess@example.com' } });
    server.on('POST /api/user/email/confirm', failure(401, 'INVALID_EMAIL_TOKEN', 'The link or the code is not valid, or not any more.'));
    server.on('POST /api/auth/refresh', { body: { ...session, accessToken: 'a', refreshToken: 'r', expiresIn: 900 } });
    open('/settings/profile');
    await user.type(await screen.findByLabelText('Code'), '1234 5678');
    await user.click(screen.getByRole('button', { name: 'Confirm' }));
    await screen.findByText(/not valid, or not any more/);
    // The server counts attempts: a refresh and another try would use up two.
    expect(server.calls('POST /api/user/email/confirm').map(({ body }) => body)).toEqual([{ code: '12345678' }]);
    expect(server.calls('POST /api/auth/refresh')).toHaveLength(0);
  });

  it('that is taken is said at the field', async () => {
    const user = userEvent.setup();
    server.on('PUT /api/user/email', failure(409, 'EMAIL_TAKEN', 'There is an account with this email address already.'));
    open('/settings/profile');
    await user.click(await screen.findByRole('button', { name: 'Change address…' }));
    await user.type(screen.getByLabelText('New address'), 'other@example.com');
    await user.click(screen.getByRole('button', { name: 'Send the mail' }));
    await waitFor(() => expect(screen.getByLabelText('New address')).toHaveAccessibleDescription(/There is an account/));
  });
});

describe('the picture', () => {
  it('is sent as it is, and too large or strange ones are not', async () => {
    const user = userEvent.setup({ applyAccept: false });
    server.on('PUT /api/user/avatar', { body: { avatarUrl: '/api/avatars/user-1?v=1' } });
    open('/settings/profile');
    const input = await screen.findByLabelText('Picture');
    await user.upload(input, new File(['x'], 'a.svg', { type: 'image/svg+xml' }));
    await screen.findByText('Choose a PNG, JPEG, WebP or GIF.');
    await user.upload(input, new File([new Uint8Array(1024 * 1024 + 1)], 'a.png', { type: 'image/png' }));
    await screen.findByText('Choose a picture of at most 1 MB.');
    expect(server.calls('PUT /api/user/avatar')).toHaveLength(0);

    server.on('GET /api/user/profile', { body: { ...profile, avatarUrl: '/api/avatars/user-1?v=1' } });
    await user.upload(input, new File(['picture'], 'a.png', { type: 'image/png' }));
    await screen.findByRole('button', { name: 'Remove picture' });
    const [sent] = server.calls('PUT /api/user/avatar');
    expect(sent?.headers['content-type']).toBe('image/png');
    expect(sent?.body).toBe('picture');
    await waitFor(() => expect(document.querySelector('img')?.src).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/api\/avatars\/user-1\?v=1$/));
  });
});

describe('connected logins', () => {
  it('are not spoken of where there are none', async () => {
    open('/settings/security');
    await screen.findByRole('region', { name: 'Password' });
    await waitFor(() => expect(server.calls('GET /api/user/logins')).toHaveLength(1));
    await waitFor(() => expect(screen.queryByRole('region', { name: 'Connected logins' })).toBeNull());
  });

  it('are connected at the provider, and disconnected after asking', async () => {
    const user = userEvent.setup();
    const assign = vi.fn();
    vi.stubGlobal('location', { ...window.location, origin: 'http://localhost:3000', assign });
    server.on('GET /api/auth/providers', { body: { providers: [github, google] } });
    server.on('GET /api/user/logins', { body: { logins: [{ provider: 'github', name: 'ada' }], hasPassword: true, canUnlink: true } });
    server.on('POST /api/user/logins/google', { body: { url: 'https://provider.example/authorize' } });
    server.on('DELETE /api/user/logins/github', { status: 204 });
    open('/settings/security');
    await screen.findByText('Connected as ada');
    await user.click(screen.getByRole('button', { name: 'Connect Google' }));
    await waitFor(() => expect(assign).toHaveBeenCalledWith('https://provider.example/authorize'));
    expect(server.calls('POST /api/user/logins/google')[0]?.body).toEqual({ returnUrl: 'http://localhost:3000/settings/security' });

    await user.click(screen.getByRole('button', { name: 'Disconnect GitHub' }));
    expect(server.calls('DELETE /api/user/logins/github')).toHaveLength(0);
    await user.click(within(screen.getByRole('group', { name: 'Disconnect GitHub' })).getByRole('button', { name: 'Disconnect' }));
    await waitFor(() => expect(server.calls('DELETE /api/user/logins/github')).toHaveLength(1));
  });

  it('stay while they are the only way in, and a first password can be set', async () => {
    const user = userEvent.setup();
    server.on('GET /api/user/profile', { body: { ...profile, hasPassword: false, twoFactorEnabled: true } });
    server.on('GET /api/auth/providers', { body: { providers: [github] } });
    server.on('GET /api/user/logins', { body: { logins: [{ provider: 'github', name: null }], hasPassword: false, canUnlink: false } });
    server.on('PUT /api/user/password', { status: 204 });
    open('/settings/security?error=LOGIN_IN_USE');
    await screen.findByText(/Your only way to sign in/);
    await screen.findByText(/belongs to another account/);
    expect(screen.queryByRole('button', { name: 'Disconnect GitHub' })).toBeNull();
    const form = screen.getByRole('form', { name: 'Password' });
    await user.type(within(form).getByLabelText('A code of your authenticator app'), '123 456');
    await user.type(within(form).getByLabelText('New password'), 'long enough');
    await user.click(within(form).getByRole('button', { name: 'Set password' }));
    await waitFor(() => expect(server.calls('PUT /api/user/password')[0]?.body).toEqual({ newPassword: 'long enough', code: '123456' }));
    await expectAccessible();
  });
});

describe('API tokens', () => {
  const scopes = [
    { name: 'execute', description: 'Run code.', includes: null, personal: false },
    { name: 'account:read', description: 'See the account.', includes: null, personal: true },
  ];

  beforeEach(() => {
    server.on('GET /api/user/tokens', { body: { tokens: [] } });
    server.on('GET /api/user/tokens/scopes', { body: { scopes, maxDays: null } });
  });

  it('are shown once', async () => {
    const user = userEvent.setup();
    server.on('POST /api/user/tokens', { status: 201, body: { token: 'ast_secret', details: token } });
    open('/settings/tokens');
    await screen.findByText('No tokens');
    await user.click(await screen.findByRole('button', { name: 'Create token' }));
    await screen.findByText('Tell what it is for.');
    screen.getByText('Choose at least one scope.');
    expect(server.calls('POST /api/user/tokens')).toHaveLength(0);

    await user.type(screen.getByLabelText('Name'), 'ci');
    await user.click(screen.getByRole('checkbox', { name: /execute/ }));
    await user.selectOptions(screen.getByLabelText('Expires'), 'never');
    await expectAccessible();
    server.on('GET /api/user/tokens', { body: { tokens: [token] } });
    await user.click(screen.getByRole('button', { name: 'Create token' }));
    await screen.findByText('ast_secret');
    expect(server.calls('POST /api/user/tokens')[0]?.body).toEqual({ name: 'ci', scopes: ['execute'], neverExpires: true });
    await user.click(screen.getByRole('button', { name: 'Done' }));
    expect(screen.queryByText('ast_secret')).toBeNull();
    await screen.findByText('never expires', { exact: false });
    await expectAccessible();
  });

  it('of an organization cannot speak of the account, and live no longer than is allowed', async () => {
    const user = userEvent.setup();
    server.on('GET /api/user/tokens/scopes', { body: { scopes, maxDays: 60 } });
    server.on('GET /api/organizations', {
      body: {
        organizations: [{ id: 'org-1', name: 'Acme', slug: 'acme', role: 'viewer', memberCount: 1, createdAt: '2026-01-01T00:00:00Z' }],
        pagination: { currentPage: 1, totalPages: 1, totalItems: 1 },
      },
    });
    server.on('POST /api/user/tokens', failure(409, 'TOO_MANY_TOKENS', 'There are too many.'));
    open('/settings/tokens');
    await user.selectOptions(await screen.findByLabelText('Works for'), 'only Acme');
    expect(screen.queryByRole('checkbox', { name: /account:read/ })).toBeNull();
    expect(within(screen.getByLabelText('Expires')).getAllByRole('option').map((each) => each.textContent)).toEqual(['in 7 days', 'in 30 days', 'in 60 days']);
    await user.type(screen.getByLabelText('Name'), 'ci');
    await user.click(screen.getByRole('checkbox', { name: /execute/ }));
    await user.click(screen.getByRole('button', { name: 'Create token' }));
    await screen.findByText('There are too many.');
    expect(server.calls('POST /api/user/tokens')[0]?.body).toEqual({ name: 'ci', scopes: ['execute'], expiresInDays: 60, organizationId: 'org-1' });
  });

  it('are revoked after asking', async () => {
    const user = userEvent.setup();
    server.on('GET /api/user/tokens', { body: { tokens: [token] } });
    server.on('DELETE /api/user/tokens/t-1', { status: 204 });
    open('/settings/tokens');
    await user.click(await screen.findByRole('button', { name: 'Revoke ci' }));
    expect(screen.getByRole('button', { name: 'Revoke' })).toHaveFocus();
    await user.keyboard('{Escape}');
    expect(screen.getByRole('button', { name: 'Revoke ci' })).toHaveFocus();
    expect(server.calls('DELETE /api/user/tokens/t-1')).toHaveLength(0);
    await user.click(screen.getByRole('button', { name: 'Revoke ci' }));
    await user.click(screen.getByRole('button', { name: 'Revoke' }));
    await waitFor(() => expect(server.calls('DELETE /api/user/tokens/t-1')).toHaveLength(1));
  });
});

describe('the activity', () => {
  const event = (id: string, action: string) => ({
    id,
    timestamp: '2026-01-01T00:00:00Z',
    action,
    actor: { id: 'user-1', name: 'Ada', email: 'ada@example.com' },
    targetType: null,
    targetId: null,
    owner: null,
    ipAddress: '203.0.113.7',
    userAgent: 'Firefox',
    details: { device: 'Firefox on Linux' },
  });

  it('goes on where the page before ended, and says when that fails', async () => {
    const user = userEvent.setup();
    server.on('GET /api/user/audit', ({ query }) =>
      query.get('cursor') === 'c-1'
        ? failure(503, 'SERVICE_UNAVAILABLE', 'Try again shortly.')
        : { body: { events: [event('e-1', 'session.started')], nextCursor: 'c-1' } },
    );
    open('/settings/activity');
    await screen.findByText('Signed in');
    await user.click(screen.getByRole('button', { name: 'Load more' }));
    await screen.findByText('The rest could not be loaded');
    screen.getByText('Signed in');
    server.on('GET /api/user/audit', { body: { events: [event('e-2', 'something.new_here')], nextCursor: null } });
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    await screen.findByText('something new here');
    expect(screen.queryByRole('button', { name: 'Load more' })).toBeNull();
    await expectAccessible();
  });

  it('may be none', async () => {
    server.on('GET /api/user/audit', { body: { events: [], nextCursor: null } });
    open('/settings/activity');
    await screen.findByText('No events');
  });
});
