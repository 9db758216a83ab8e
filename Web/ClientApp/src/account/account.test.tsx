import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Route, Routes } from 'react-router';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppShell } from '../app/AppShell';
import ForgotPassword from '../pages/ForgotPassword';
import Login from '../pages/Login';
import ResetPassword from '../pages/ResetPassword';
import VerifyEmail from '../pages/VerifyEmail';
import { ada, ApiServer, failure, session, signedIn } from '../test/apiServer';
import { renderAt } from '../test/renderApp';

let server: ApiServer;

beforeEach(async () => {
  server = await ApiServer.start();
  server.on('GET /api/auth/session', failure(401, 'UNAUTHORIZED', 'Sign in to continue.'));
  server.on('GET /api/auth/providers', { body: { providers: [] } });
});

afterEach(() => server.stop());

const address = () => screen.getByLabelText('Address').textContent;

function app(path: string) {
  return renderAt(
    path,
    <Routes>
      <Route path="/login" element={<Login />} />
      <Route path="/forgot-password" element={<ForgotPassword />} />
      <Route path="/reset-password" element={<ResetPassword />} />
      <Route path="/verify-email" element={<VerifyEmail />} />
      <Route element={<AppShell />}>
        <Route path="*" element={<h1>Inside</h1>} />
      </Route>
    </Routes>,
  );
}

describe('the second step', () => {
  it('asks for a code after the password, and says when it is wrong', async () => {
    const user = userEvent.setup();
    server.on('POST /api/auth/login', { body: { twoFactorRequired: true, twoFactorToken: 't-1', expiresIn: 300, methods: ['totp'] } });
    server.on('POST /api/auth/2fa/verify', failure(401, 'INVALID_TWO_FACTOR_CODE', 'The code is wrong.'));
    app('/login?next=/run');
    await user.type(await screen.findByLabelText('Email'), 'ada@example.com');
    await user.type(screen.getByLabelText('Password'), 'correct horse');
    await user.click(screen.getByRole('button', { name: 'Sign in' }));
    await user.type(await screen.findByLabelText('Code'), '000000');
    await user.click(screen.getByRole('button', { name: 'Continue' }));
    await screen.findByText('The code is wrong.');

    server.on('POST /api/auth/2fa/verify', { body: signedIn });
    await user.click(screen.getByRole('button', { name: 'Continue' }));
    await screen.findByRole('heading', { name: 'Inside' });
    expect(address()).toBe('/run');
    expect(server.calls('POST /api/auth/2fa/verify').at(-1)?.body).toEqual({ twoFactorToken: 't-1', code: '000000' });
  });

  it('goes on where a provider left', async () => {
    const user = userEvent.setup();
    server.on('POST /api/auth/2fa/verify', failure(401, 'INVALID_TWO_FACTOR_TOKEN', 'This sign-in is over. Begin again.'));
    app('/login#twoFactorToken=t-2');
    await user.type(await screen.findByLabelText('Code'), '123456');
    await user.click(screen.getByRole('button', { name: 'Continue' }));
    const restart = await screen.findAllByRole('button', { name: 'Begin again' });
    await user.click(restart[0] as HTMLElement);
    await screen.findByRole('heading', { name: 'Sign in' });
    expect(address()).toBe('/login');
  });
});

describe('providers', () => {
  it('are offered only where there are some, and their refusals are in words', async () => {
    server.on('GET /api/auth/providers', { body: { providers: [{ id: 'github', name: 'GitHub', url: '/api/auth/github' }] } });
    app('/login?error=OAUTH_DENIED');
    await screen.findByRole('button', { name: 'Continue with GitHub' });
    expect(screen.queryByRole('button', { name: 'Continue with Google' })).toBeNull();
    screen.getByText(/You did not allow the sign-in there/);
  });

  it('are connected with an account by its password', async () => {
    const user = userEvent.setup();
    server.on('POST /api/auth/link', { body: signedIn });
    app('/login#linkToken=l-1&provider=github&email=ada%40example.com&methods=password%2Cmail');
    await user.type(await screen.findByLabelText('Password'), 'correct horse');
    await user.click(screen.getByRole('button', { name: 'Connect and sign in' }));
    await screen.findByRole('heading', { name: 'Inside' });
    expect(server.calls('POST /api/auth/link')[0]?.body).toEqual({ token: 'l-1', password: 'correct horse' });
  });
});

describe('a forgotten password', () => {
  it('gets the same answer whoever asks', async () => {
    const user = userEvent.setup();
    server.on('POST /api/auth/forgot-password', { status: 202, body: { message: 'x' } });
    app('/forgot-password');
    await user.type(screen.getByLabelText('Email'), 'nobody@example.com');
    await user.click(screen.getByRole('button', { name: 'Send reset link' }));
    await screen.findByText(/If there is an account with the address/);
  });

  it('is set anew by the link of the mail', async () => {
    const user = userEvent.setup();
    server.on('POST /api/auth/reset-password', { body: { message: 'x' } });
    app('/reset-password#token=r-1');
    await user.type(screen.getByLabelText('Password'), 'short');
    await user.click(screen.getByRole('button', { name: 'Set password' }));
    expect(server.calls('POST /api/auth/reset-password')).toHaveLength(0);
    await user.type(screen.getByLabelText('Password'), ' and long enough');
    await user.click(screen.getByRole('button', { name: 'Set password' }));
    await waitFor(() => expect(address()).toBe('/login'));
    expect(server.calls('POST /api/auth/reset-password')[0]?.body).toEqual({ token: 'r-1', password: 'short and long enough' });
  });

  it('cannot be set by half a link', () => {
    app('/reset-password');
    expect(screen.getByRole('alert').textContent).toContain('not complete');
  });
});

describe('an address', () => {
  const unverified = { ...session, user: { ...ada, emailVerified: false } };

  it('is confirmed by the link, once', async () => {
    server.on('POST /api/auth/verify-email', { body: { emailVerified: true } });
    app('/verify-email#token=v-1');
    await waitFor(() => expect(address()).toBe('/dashboard'));
    expect(server.calls('POST /api/auth/verify-email').map((call) => call.body)).toEqual([{ token: 'v-1' }]);
  });

  it('leads to the journey of a new account, except where an invitation waits', async () => {
    const user = userEvent.setup();
    server.on('GET /api/auth/session', { body: unverified });
    server.on('POST /api/auth/verify-email', { body: { emailVerified: true } });
    const { unmount } = app('/verify-email?next=/deploy');
    await screen.findByText('ada@example.com');
    await user.type(screen.getByLabelText('Code'), '12345678');
    await user.click(screen.getByRole('button', { name: 'Confirm' }));
    await waitFor(() => expect(address()).toBe('/welcome?next=%2Fdeploy'));
    unmount();
    app('/verify-email?next=%2Finvitations%23token%3Dsecret');
    await screen.findByText('ada@example.com');
    await user.type(screen.getByLabelText('Code'), '12345678');
    await user.click(screen.getByRole('button', { name: 'Confirm' }));
    await waitFor(() => expect(address()).toBe('/invitations#token=secret'));
  });

  it('is confirmed by the code, and the mail can be sent again', async () => {
    const user = userEvent.setup();
    server.on('GET /api/auth/session', { body: unverified });
    server.on('POST /api/auth/verify-email', failure(400, 'INVALID_VERIFICATION', 'This code is wrong.'));
    server.on('POST /api/auth/resend-verification', { status: 202, body: { message: 'x' } });
    app('/verify-email?next=/deploy');
    await screen.findByText('ada@example.com');
    await user.type(screen.getByLabelText('Code'), '123 456');
    await user.click(screen.getByRole('button', { name: 'Confirm' }));
    await screen.findByText('This code is wrong.');
    expect(server.calls('POST /api/auth/verify-email')[0]?.body).toEqual({ email: 'ada@example.com', code: '123456' });
    await user.click(screen.getByRole('button', { name: 'Send it again' }));
    await screen.findByText(/ask for another mail in/);
    expect(server.calls('POST /api/auth/resend-verification')[0]?.body).toEqual({ email: 'ada@example.com' });
  });

  it('that is not confirmed is said on every page', async () => {
    server.on('GET /api/auth/session', { body: unverified });
    app('/deployments?status=failed');
    const link = await screen.findByRole('link', { name: 'Enter the code' });
    expect(link.getAttribute('href')).toBe(`/verify-email?next=${encodeURIComponent('/deployments?status=failed')}`);
  });
});
