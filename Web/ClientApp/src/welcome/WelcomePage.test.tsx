import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Route, Routes } from 'react-router';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ApiServer, failure, session } from '../test/apiServer';
import { expectAccessible } from '../test/axe';
import { renderAt } from '../test/renderApp';
import WelcomePage from './WelcomePage';

let server: ApiServer;

const nothing = {
  userType: null as string | null,
  hostingOption: null as string | null,
  hostingTarget: null as string | null,
  githubAppInstalled: false,
  githubAppUrl: null as string | null,
  completed: false,
  nextStep: 'user_type' as string | null,
  choices: { userTypes: [], hostingOptions: [], hostingTargets: [] },
};

/** Answers as the Api does. */
function keep(start: typeof nothing) {
  let kept = start;
  server.on('GET /api/user/onboarding', () => ({ body: kept }));
  server.on('PUT /api/user/onboarding', ({ body }) => {
    kept = { ...kept, ...(body as Partial<typeof nothing>) };
    return { body: kept };
  });
}

beforeEach(async () => {
  server = await ApiServer.start();
  server.on('GET /api/auth/session', { body: session });
  keep(nothing);
});

afterEach(() => server.stop());

const address = () => screen.getByLabelText('Address').textContent;

const open = (path: string) =>
  renderAt(
    path,
    <Routes>
      <Route path="/welcome" element={<WelcomePage />} />
      <Route path="*" element={<h1>Elsewhere</h1>} />
    </Routes>,
  );

async function choose(name: RegExp) {
  await userEvent.click(await screen.findByRole('radio', { name }));
  await userEvent.click(screen.getByRole('button', { name: 'Continue' }));
}

it('asks one thing after the other, and back', async () => {
  open('/welcome?next=/run');
  await screen.findByRole('group', { name: 'Who are you?' });
  await userEvent.click(screen.getByRole('button', { name: 'Continue' }));
  await screen.findByText('Choose one.');
  expect(server.calls('PUT /api/user/onboarding')).toHaveLength(0);
  await expectAccessible();

  await choose(/Company/);
  await screen.findByRole('group', { name: 'Who hosts your sites?' });
  await userEvent.click(screen.getByRole('button', { name: 'Back' }));
  expect(await screen.findByRole('radio', { name: /Company/ })).toBeChecked();
  await userEvent.click(screen.getByRole('button', { name: 'Continue' }));
  await choose(/Self hosting/);
  await screen.findByRole('group', { name: 'Where do you host?' });
  await choose(/AWS/);
  await screen.findByRole('heading', { name: 'Elsewhere' });
  expect(address()).toBe('/run');
  expect(server.calls('PUT /api/user/onboarding').map(({ body }) => body)).toEqual([
    { userType: 'company' },
    { userType: 'company' },
    { hostingOption: 'self_hosting' },
    { hostingTarget: 'aws' },
  ]);
});

it('ends early for those who are hosted here', async () => {
  open('/welcome');
  await choose(/Developer/);
  await choose(/Autostack hosting/);
  await waitFor(() => expect(address()).toBe('/dashboard'));
});

it('can be skipped, and is not asked of those who have told', async () => {
  const { unmount } = open('/welcome?next=/run');
  expect(await screen.findByRole('link', { name: 'Skip for now' })).toHaveAttribute('href', '/run');
  unmount();
  keep({ ...nothing, userType: 'developer', hostingOption: 'autostack_hosting', completed: true, nextStep: null });
  open('/welcome?next=/run');
  await waitFor(() => expect(address()).toBe('/run'));
});

it('lets those who have told change it', async () => {
  keep({ ...nothing, userType: 'developer', hostingOption: 'autostack_hosting', completed: true, nextStep: null });
  open('/welcome?change=1&next=/settings/profile');
  expect(await screen.findByRole('radio', { name: /Developer/ })).toBeChecked();
  await choose(/Organization/);
  await choose(/Autostack hosting/);
  await waitFor(() => expect(address()).toBe('/settings/profile'));
});

it('leads to GitHub where there is an App, and tells what came of it', async () => {
  const assign = vi.fn();
  vi.stubGlobal('location', { ...window.location, origin: 'http://localhost:3000', assign });
  keep({ ...nothing, userType: 'developer', hostingOption: 'self_hosting', hostingTarget: 'github', githubAppUrl: '/api/github/app/install', nextStep: 'github_app' });
  open('/welcome?error=GITHUB_APP_FAILED&next=/deploy');
  await screen.findByText(/GitHub did not complete the installation/);
  await userEvent.click(screen.getByRole('button', { name: 'Install at GitHub' }));
  await waitFor(() => expect(assign).toHaveBeenCalledOnce());
  const target = new URL(assign.mock.calls[0]?.[0] as string);
  expect(target.pathname).toBe('/api/github/app/install');
  expect(target.searchParams.get('returnUrl')).toBe('http://localhost:3000/welcome?next=%2Fdeploy');
  await expectAccessible();
});

it('says when a choice was not kept', async () => {
  server.on('PUT /api/user/onboarding', failure(503, 'SERVICE_UNAVAILABLE', 'Try again shortly.'));
  open('/welcome');
  await choose(/Developer/);
  await screen.findByText('Your choice was not saved');
  expect(screen.getByRole('radio', { name: /Developer/ })).toBeChecked();
});
