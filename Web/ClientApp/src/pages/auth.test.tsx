import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Route, Routes } from 'react-router';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppShell } from '../app/AppShell';
import { RequireSession } from '../session/RequireSession';
import { ApiServer, failure, session, signedIn } from '../test/apiServer';
import { renderAt } from '../test/renderApp';
import Login from './Login';
import SignUp from './SignUp';

let server: ApiServer;
const nobody = failure(401, 'UNAUTHORIZED', 'Sign in to continue.');

beforeEach(async () => {
  server = await ApiServer.start();
  server.on('GET /api/auth/session', nobody);
});

afterEach(() => server.stop());

const address = () => screen.getByLabelText('Address').textContent;

function app(path: string) {
  return renderAt(
    path,
    <Routes>
      <Route path="/" element={<h1>Start</h1>} />
      <Route path="/login" element={<Login />} />
      <Route path="/signup" element={<SignUp />} />
      <Route element={<AppShell />}>
        <Route element={<RequireSession />}>
          <Route path="*" element={<h1>Inside</h1>} />
        </Route>
      </Route>
    </Routes>,
  );
}

async function fillLogin() {
  const user = userEvent.setup();
  await user.type(await screen.findByLabelText('Email'), 'ada@example.com');
  await user.type(screen.getByLabelText('Password'), 'correct horse');
  await user.click(screen.getByRole('button', { name: 'Sign in' }));
}

describe('signing in', () => {
  it('asks first, then leads to the page that was wanted', async () => {
    server.on('POST /api/auth/login', { body: signedIn });
    app('/deployments?status=failed#L3');
    await screen.findByRole('heading', { name: 'Sign in' });
    expect(address()).toBe(`/login?next=${encodeURIComponent('/deployments?status=failed#L3')}`);
    await fillLogin();
    await screen.findByRole('heading', { name: 'Inside' });
    expect(address()).toBe('/deployments?status=failed#L3');
    expect(server.calls('POST /api/auth/login')[0]?.body).toEqual({
      email: 'ada@example.com',
      password: 'correct horse',
      rememberMe: false,
    });
  });

  it.each(['https://evil.example/', '//evil.example/x', '/\\evil.example', 'javascript:alert(1)'])(
    'does not lead to %s afterwards',
    async (next) => {
      server.on('POST /api/auth/login', { body: signedIn });
      app(`/login?next=${encodeURIComponent(next)}`);
      await fillLogin();
      await screen.findByRole('heading', { name: 'Inside' });
      expect(address()).toBe('/dashboard');
    },
  );

  it('says what is wrong before asking the server', async () => {
    app('/login');
    await userEvent.click(await screen.findByRole('button', { name: 'Sign in' }));
    expect(screen.getByLabelText('Email')).toHaveAccessibleDescription('Enter your email address.');
    expect(screen.getByLabelText('Email')).toHaveFocus();
    expect(server.calls('POST /api/auth/login')).toHaveLength(0);
  });

  it('shows a refusal', async () => {
    server.on('POST /api/auth/login', failure(401, 'INVALID_CREDENTIALS', 'The address or the password is wrong.'));
    app('/login');
    await fillLogin();
    expect(await screen.findByRole('alert')).toHaveTextContent('The address or the password is wrong.');
    expect(screen.getByRole('button', { name: 'Sign in' })).toHaveAttribute('aria-disabled', 'false');
  });

  it('says how long to wait when there were too many attempts, and which request it was', async () => {
    const limited = failure(429, 'RATE_LIMIT_EXCEEDED', 'Too many attempts.');
    server.on('POST /api/auth/login', { ...limited, headers: { 'Retry-After': '42' } });
    app('/login');
    await fillLogin();
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('Try again in 42 seconds.');
    expect(alert).toHaveTextContent('request req-1');
  });

  it('leads on at once when somebody is signed in already', async () => {
    server.on('GET /api/auth/session', { body: session });
    app('/login');
    await screen.findByRole('heading', { name: 'Inside' });
    expect(address()).toBe('/dashboard');
  });
});

describe('signing up', () => {
  async function fill(password = 'correct horse') {
    const user = userEvent.setup();
    await user.type(await screen.findByLabelText('Full name'), ' Ada Lovelace ');
    await user.type(screen.getByLabelText('Email'), 'ada@example.com');
    await user.type(screen.getByLabelText('Password'), password);
    await user.click(screen.getByRole('button', { name: 'Create account' }));
  }

  it('creates the account and enters', async () => {
    server.on('POST /api/auth/signup', { status: 201, body: signedIn });
    app('/signup');
    await fill();
    await screen.findByRole('heading', { name: 'Inside' });
    expect(server.calls('POST /api/auth/signup')[0]?.body).toMatchObject({ name: 'Ada Lovelace' });
  });

  it('shows what the server says about a field at that field', async () => {
    server.on('POST /api/auth/signup', failure(422, 'VALIDATION_ERROR', 'Invalid.', { password: ['Too common.'] }));
    app('/signup');
    await fill();
    await waitFor(() => expect(screen.getByLabelText('Password')).toHaveAccessibleDescription(/Too common\./));
    expect(screen.getByLabelText('Password')).toBeInvalid();
  });

  it('offers to sign in when the address has an account', async () => {
    server.on('POST /api/auth/signup', failure(409, 'EMAIL_TAKEN', 'There is an account with this address.'));
    app('/signup?next=%2Frun');
    await fill();
    expect(await screen.findByRole('link', { name: 'Sign in instead' })).toHaveAttribute('href', '/login?next=%2Frun');
  });

  it('refuses a short password by itself', async () => {
    app('/signup');
    await fill('short');
    expect(screen.getByLabelText('Password')).toHaveAccessibleDescription(/Use at least 8 characters\./);
    expect(server.calls('POST /api/auth/signup')).toHaveLength(0);
  });
});

describe('a session', () => {
  it('ends at the start page, with the CSRF token sent along', async () => {
    server.on('GET /api/auth/session', { body: session }).on('POST /api/auth/logout', { status: 204 });
    app('/dashboard');
    const user = userEvent.setup();
    await user.click(await screen.findByRole('button', { name: 'Account menu' }));
    await user.click(screen.getByRole('button', { name: 'Sign out' }));
    await screen.findByRole('heading', { name: 'Start' });
    expect(server.calls('POST /api/auth/logout')[0]?.headers['x-csrf-token']).toBe('csrf-1');
  });

  it('can be asked for again when the server was away', async () => {
    let up = false;
    server.on('GET /api/auth/session', () => (up ? { body: session } : failure(503, 'UNAVAILABLE', 'Starting.')));
    app('/dashboard');
    const retry = await screen.findByRole('button', { name: 'Try again' }, { timeout: 5_000 });
    up = true;
    await userEvent.click(retry);
    await screen.findByRole('heading', { name: 'Inside' });
  });
});
