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

describe('an upload', () => {
  const archive = (name = 'my-site.zip') => new File(['PK not really'], name, { type: 'application/x-zip-compressed' });

  async function choose(file: File) {
    await userEvent.upload(await screen.findByLabelText('Archive'), file, { applyAccept: false });
  }

  async function send(path = '/deploy?source=upload') {
    wizard(path);
    await choose(archive());
    await press('Continue');
    await screen.findByRole('heading', { name: 'Configure the build' });
    await press('Continue');
    await screen.findByRole('heading', { name: 'Ready to deploy' });
    await press('Deploy');
  }

  it('is sent as it is, and leads to its deployment', async () => {
    server.on('POST /api/deployments/upload', { status: 202, body: detail('queued', { id: 'dep-9' }) });
    await send();
    await screen.findByRole('heading', { name: 'The deployment' });
    const sent = server.calls('POST /api/deployments/upload')[0];
    expect(sent?.body).toBe('PK not really');
    expect(sent?.headers['content-type']).toBe('application/octet-stream');
    expect(Object.fromEntries(sent?.query ?? [])).toEqual({ name: 'my-site' });
  });

  it('takes variables, which never stand in its address', async () => {
    server.on('POST /api/deployments/upload', { status: 202, body: detail('queued', { id: 'dep-9' }) });
    wizard('/deploy?source=upload');
    await choose(archive());
    await press('Continue');
    await userEvent.type(await screen.findByLabelText(/Environment variables/), 'API_KEY=s3cret');
    await press('Continue');
    await press('Deploy');
    await screen.findByRole('heading', { name: 'The deployment' });
    const sent = server.calls('POST /api/deployments/upload')[0];
    expect(sent?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
    expect(sent?.body).toMatch(/name="envVars"\s+\{"API_KEY":"s3cret"\}[^]*name="file"; filename="archive"[^]*PK not really/);
    expect(Object.fromEntries(sent?.query ?? [])).toEqual({ name: 'my-site' });
  });

  it('of a project that is there is a new version of it', async () => {
    server.on('GET /api/projects/project-1', { body: { name: 'storefront' } });
    server.on('POST /api/deployments/upload', { status: 202, body: detail('queued', { id: 'dep-9' }) });
    await send('/deploy?source=upload&project=project-1');
    await screen.findByRole('heading', { name: 'The deployment' });
    expect(Object.fromEntries(server.calls('POST /api/deployments/upload')[0]?.query ?? [])).toEqual({ project: 'project-1' });
  });

  it('that is no archive is refused before it is sent, and by the server after', async () => {
    wizard('/deploy?source=upload');
    await choose(archive('site.exe'));
    await press('Continue');
    expect(screen.getByLabelText('Archive')).toHaveAccessibleDescription(/ends with .zip/);
    expect(address()).toBe('/deploy?source=upload');
    server.on('POST /api/deployments/upload', failure(422, 'VALIDATION_ERROR', 'x', { file: ['The archive is damaged.'] }));
    await choose(archive());
    await press('Continue');
    await press('Continue');
    await press('Deploy');
    await waitFor(() => expect(screen.getByLabelText('Archive')).toHaveAccessibleDescription(/The archive is damaged/));
  });

  it('can be stopped', async () => {
    server.on('POST /api/deployments/upload', () => new Promise(() => undefined));
    await send();
    expect(await screen.findByRole('progressbar')).toBeInTheDocument();
    await press('Stop');
    await waitFor(() => expect(screen.queryByRole('progressbar')).toBeNull());
    expect(screen.queryByRole('alert')).toBeNull();
    expect(screen.getByRole('button', { name: 'Deploy' })).toHaveAttribute('aria-disabled', 'false');
  });

  it('says when the connection is lost', async () => {
    await server.stop();
    await send();
    expect(await screen.findByRole('alert')).toHaveTextContent('UNREACHABLE');
  });
});

describe('a repository of GitHub', () => {
  const repository = (name: string, defaultBranch: string) => ({ id: name.length, owner: 'ada', name, fullName: `ada/${name}`, private: false, fork: false, archived: false, defaultBranch, description: null, language: null, pushedAt: null });

  it('is chosen from those of the account, with its own branch', async () => {
    server.on('GET /api/github/connection', { body: { available: true, connected: true, broken: false, repositoriesShown: true } });
    server.on('GET /api/github/repos', { body: { repositories: [repository('site', 'trunk')], pagination: { currentPage: 1, totalPages: 1, totalItems: 1 } } });
    server.on('GET /api/github/repos/ada/site/branches', { body: { branches: [{ name: 'trunk', commit: 'c', protected: false }], defaultBranch: 'trunk', currentPage: 1, hasNext: false } });
    server.on('POST /api/deployments', { status: 202, body: detail('queued', { id: 'dep-9' }) });
    wizard('/deploy?source=github');
    await press('Continue');
    expect(await screen.findByText('Choose one of your repositories.')).toBeInTheDocument();
    await userEvent.click(await screen.findByRole('radio', { name: /ada\/site/ }));
    await press('Continue');
    expect(await screen.findByLabelText('Branch')).toHaveValue('trunk');
    await press('Continue');
    await press('Deploy');
    await screen.findByRole('heading', { name: 'The deployment' });
    expect(server.calls('POST /api/deployments')[0]?.body).toEqual({ repository: 'ada/site', branch: 'trunk' });
  });

  it('asks for the connection that is missing', async () => {
    server.on('GET /api/github/connection', { body: { available: true, connected: false, broken: false, repositoriesShown: false } });
    wizard('/deploy?source=github');
    expect(await screen.findByRole('link', { name: 'Connect GitHub' })).toHaveAttribute('href', '/settings/github');
    expect(server.calls('GET /api/github/repos')).toHaveLength(0);
  });

  it('is no choice where this installation has no GitHub', async () => {
    server.on('GET /api/github/connection', { body: { available: false, connected: false, broken: false, repositoriesShown: false } });
    wizard();
    await screen.findByRole('radio', { name: 'Git repository' });
    await waitFor(() => expect(screen.queryByRole('radio', { name: 'GitHub' })).toBeNull());
  });
});
