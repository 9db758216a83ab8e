import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Route, Routes } from 'react-router';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiServer, failure, session } from '../test/apiServer';
import { renderAt } from '../test/renderApp';
import SettingsPage from './SettingsPage';

let server: ApiServer;

const profile = {
  id: 'user-1',
  name: 'Ada Lovelace',
  email: 'ada@example.com',
  emailVerified: true,
  avatarUrl: null,
  userType: null,
  hostingOption: null,
  twoFactorEnabled: false,
  hasPassword: true,
};
const preferences = {
  theme: 'system',
  emailNotifications: true,
  deploymentSuccessNotifications: true,
  deploymentFailureNotifications: false,
};

beforeEach(async () => {
  server = await ApiServer.start();
  server.on('GET /api/auth/session', { body: session });
  server.on('GET /api/user/profile', { body: profile });
  server.on('GET /api/user/preferences', { body: preferences });
  server.on('GET /api/auth/2fa', { body: { enabled: false, enabledAt: null, recoveryCodesLeft: 0 } });
  server.on('GET /api/auth/sessions', {
    body: {
      sessions: [
        { id: 's-1', device: 'Firefox on Linux', ipAddress: '203.0.113.7', current: true, createdAt: '2026-01-01T00:00:00Z', lastSeenAt: '2026-01-01T00:00:00Z', expiresAt: '2026-02-01T00:00:00Z' },
        { id: 's-2', device: 'Safari on iPhone', ipAddress: null, current: false, createdAt: '2026-01-01T00:00:00Z', lastSeenAt: '2026-01-01T00:00:00Z', expiresAt: '2026-02-01T00:00:00Z' },
      ],
    },
  });
});

afterEach(() => server.stop());

const open = (path: string) =>
  renderAt(
    path,
    <Routes>
      <Route path="/settings/:tab?" element={<SettingsPage />} />
      <Route path="/" element={<h1>Start</h1>} />
    </Routes>,
  );

describe('the profile', () => {
  it('is saved, and a refused field says why', async () => {
    const user = userEvent.setup();
    server.on('PUT /api/user/profile', failure(422, 'VALIDATION_ERROR', 'The request is not valid.', { name: ['Must be one line of text.'] }));
    open('/settings');
    const name = await screen.findByLabelText('Name');
    await user.clear(name);
    await user.type(name, 'Ada King');
    await user.click(screen.getByRole('button', { name: 'Save changes' }));
    await screen.findByText('Must be one line of text.');
    server.on('PUT /api/user/profile', { body: { ...profile, name: 'Ada King' } });
    await user.click(screen.getByRole('button', { name: 'Save changes' }));
    await waitFor(() => expect(server.calls('PUT /api/user/profile').at(-1)?.body).toEqual({ name: 'Ada King' }));
    expect(screen.queryByText('Must be one line of text.')).toBeNull();
  });

  it('is deleted only after asking, with the password', async () => {
    const user = userEvent.setup();
    server.on('DELETE /api/user/account', { status: 204 });
    open('/settings/profile');
    await user.click(await screen.findByRole('button', { name: 'Delete account…' }));
    await user.type(screen.getByLabelText('Your password'), 'correct horse');
    await user.click(screen.getByRole('button', { name: 'Delete my account for good' }));
    await screen.findByRole('heading', { name: 'Start' });
    expect(server.calls('DELETE /api/user/account')[0]?.body).toEqual({ password: 'correct horse' });
  });
});

describe('security', () => {
  it('turns the second factor on and shows the recovery codes', async () => {
    const user = userEvent.setup();
    server.on('POST /api/auth/2fa/setup', { body: { secret: 'ABCDEFGH', otpauthUri: 'otpauth://totp/x', qrCode: '<svg xmlns="http://www.w3.org/2000/svg"/>' } });
    server.on('POST /api/auth/2fa/enable', { body: { recoveryCodes: ['aaaa-bbbb', 'cccc-dddd'] } });
    open('/settings/security');
    await user.type(await screen.findByLabelText('Your password'), 'correct horse');
    await user.click(screen.getByRole('button', { name: 'Set up an authenticator app' }));
    await screen.findByRole('img', { name: /QR code/ });
    screen.getByText('ABCDEFGH');
    await user.type(screen.getByLabelText('Code that the app shows'), '123 456');
    server.on('GET /api/auth/2fa', { body: { enabled: true, enabledAt: '2026-01-01T00:00:00Z', recoveryCodesLeft: 2 } });
    await user.click(screen.getByRole('button', { name: 'Turn on' }));
    await screen.findByText('aaaa-bbbb');
    await screen.findByText(/2 recovery codes are left/);
    expect(server.calls('POST /api/auth/2fa/setup')[0]?.body).toEqual({ password: 'correct horse' });
    expect(server.calls('POST /api/auth/2fa/enable')[0]?.body).toEqual({ code: '123456' });
  });

  it('ends a session, but offers none of this device', async () => {
    const user = userEvent.setup();
    server.on('DELETE /api/auth/sessions/s-2', { status: 204 });
    open('/settings/security');
    const list = await screen.findByRole('region', { name: 'Sessions' });
    await within(list).findByText('this device');
    expect(within(list).queryByRole('button', { name: 'Sign out Firefox on Linux' })).toBeNull();
    await user.click(within(list).getByRole('button', { name: 'Sign out Safari on iPhone' }));
    await waitFor(() => expect(server.calls('DELETE /api/auth/sessions/s-2')).toHaveLength(1));
  });

  it('says why a password is not changed', async () => {
    const user = userEvent.setup();
    server.on('PUT /api/user/password', failure(422, 'VALIDATION_ERROR', 'x', { currentPassword: ['This is not your password.'] }));
    open('/settings/security');
    await user.type(await screen.findByLabelText('Current password'), 'wrong');
    await user.type(screen.getByLabelText('New password'), 'long enough');
    await user.click(screen.getByRole('button', { name: 'Change password' }));
    await screen.findByText('This is not your password.');
  });
});

describe('notifications', () => {
  it('go back when the choice was not saved', async () => {
    const user = userEvent.setup();
    server.on('PUT /api/user/preferences', failure(503, 'SERVICE_UNAVAILABLE', 'Try again shortly.'));
    open('/settings/notifications');
    const box = await screen.findByRole('checkbox', { name: /Failed deployments/ });
    await user.click(box);
    await screen.findByText('Your choice was not saved');
    await waitFor(() => expect((box as HTMLInputElement).checked).toBe(false));
    expect(server.calls('PUT /api/user/preferences')[0]?.body).toEqual({ ...preferences, deploymentFailureNotifications: true });
  });
});
