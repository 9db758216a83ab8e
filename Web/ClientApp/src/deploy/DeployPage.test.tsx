import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Route, Routes } from 'react-router';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiServer, failure, session } from '../test/apiServer';
import { detail } from '../test/deployments';
import { renderAt } from '../test/renderApp';
import DeployPage from './DeployPage';

let server: ApiServer;

beforeEach(async () => {
  server = await ApiServer.start();
  server.on('GET /api/samples', {
    body: { samples: [{ name: 'static-site', title: 'Plain HTML site', description: 'Nothing to build.' }] },
  });
});

afterEach(() => server.stop());

const address = () => screen.getByLabelText('Address').textContent;
const press = (name: string) => userEvent.click(screen.getByRole('button', { name }));

function wizard(path = '/deploy') {
  renderAt(
    path,
    <Routes>
      <Route path="/deploy" element={<DeployPage />} />
      <Route path="/deployments/:id" element={<h1>The deployment</h1>} />
    </Routes>,
  );
}

async function toReview() {
  await userEvent.click(await screen.findByRole('radio', { name: /Plain HTML site/ }));
  await press('Continue');
  await screen.findByRole('heading', { name: 'Configure the build' });
  await press('Continue');
  await screen.findByRole('heading', { name: 'Ready to deploy' });
}

it('leads from a sample to its deployment', async () => {
  server.on('POST /api/deployments', { status: 202, body: detail('queued', { id: 'dep-9' }) });
  wizard();
  await toReview();
  await press('Deploy');
  await screen.findByRole('heading', { name: 'The deployment' });
  expect(address()).toBe('/deployments/dep-9');
  expect(server.calls('POST /api/deployments')[0]?.body).toEqual({ repository: 'sample:static-site', branch: 'main' });
});

it('does not go on without a source', async () => {
  wizard();
  await screen.findByRole('radio', { name: /Plain HTML site/ });
  await press('Continue');
  expect(await screen.findByRole('alert')).toHaveTextContent('Choose one of the samples.');
  expect(address()).toBe('/deploy');
});

it('has an address for each step, and keeps what was typed on the way back', async () => {
  wizard('/deploy?repository=https://example.com/a/b');
  await press('Continue');
  expect(address()).toMatch(/[?&]step=2/);
  await userEvent.type(await screen.findByLabelText(/Build command/), 'make');
  await press('Back');
  expect(await screen.findByLabelText('Repository URL')).toHaveValue('https://example.com/a/b');
  await press('Continue');
  expect(await screen.findByLabelText(/Build command/)).toHaveValue('make');
});

it('shows the first step when a later one is opened with nothing chosen', async () => {
  wizard('/deploy?step=3');
  expect(await screen.findByRole('heading', { name: 'Choose a source' })).toBeInTheDocument();
});

it('goes back to the field that the server refuses', async () => {
  server.on('POST /api/deployments', failure(422, 'VALIDATION_ERROR', 'Invalid.', { branch: ['There is no such branch.'] }));
  wizard();
  await toReview();
  await press('Deploy');
  await waitFor(() => expect(screen.getByLabelText('Branch')).toHaveAccessibleDescription('There is no such branch.'));
  expect(screen.getByLabelText('Branch')).toHaveFocus();
});

it('says why nothing was started', async () => {
  server.on('POST /api/deployments', failure(409, 'PROJECT_BUSY', 'The project is being handed over.'));
  wizard();
  await toReview();
  await press('Deploy');
  expect(await screen.findByRole('alert')).toHaveTextContent('The project is being handed over.');
  expect(screen.getByRole('button', { name: 'Deploy' })).toHaveAttribute('aria-disabled', 'false');
});

it('leads to the proof of the address where that is missing, and back to the same source', async () => {
  server.on('POST /api/deployments', failure(403, 'EMAIL_NOT_VERIFIED', 'Verify your email address first.'));
  wizard();
  await toReview();
  await press('Deploy');
  const link = await screen.findByRole('link', { name: 'Confirm your address' });
  const next = new URLSearchParams(link.getAttribute('href')?.split('?')[1]).get('next');
  expect(next).toBe('/deploy?repository=sample%3Astatic-site');
});

describe('the owner', () => {
  const organization = (name: string, role: string) => ({ id: `org-${name}`, name, slug: name, role, memberCount: 2, createdAt: '2026-01-01T00:00:00Z' });

  it('is an organization in which one may deploy', async () => {
    server.on('GET /api/auth/session', { body: session });
    server.on('GET /api/organizations', ({ query }) =>
      query.get('page') === '1'
        ? { body: { organizations: [organization('acme', 'developer')], pagination: { currentPage: 1, totalPages: 2, totalItems: 2 } } }
        : { body: { organizations: [organization('looking', 'viewer')], pagination: { currentPage: 2, totalPages: 2, totalItems: 2 } } },
    );
    server.on('POST /api/deployments', { status: 202, body: detail('queued', { id: 'dep-9' }) });
    wizard();
    const owner = await screen.findByLabelText('Owner');
    expect(within(owner).queryByRole('option', { name: 'looking' })).toBeNull();
    await userEvent.selectOptions(owner, 'acme');
    await toReview();
    expect(screen.getByText('acme')).toBeInTheDocument();
    await press('Deploy');
    await screen.findByRole('heading', { name: 'The deployment' });
    expect(server.calls('POST /api/deployments')[0]?.body).toEqual({ repository: 'sample:static-site', branch: 'main', owner: 'org-acme' });
  });

  it('is not asked for where there is nothing to choose', async () => {
    server.on('GET /api/auth/session', { body: session });
    server.on('GET /api/organizations', { body: { organizations: [], pagination: { currentPage: 1, totalPages: 1, totalItems: 0 } } });
    wizard();
    await screen.findByRole('radio', { name: /Plain HTML site/ });
    await waitFor(() => expect(server.calls('GET /api/organizations')).toHaveLength(1));
    expect(screen.queryByLabelText('Owner')).toBeNull();
  });
});
