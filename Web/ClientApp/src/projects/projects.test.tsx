import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Route, Routes } from 'react-router';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Project } from '../api/types';
import { ApiServer, failure, session } from '../test/apiServer';
import { expectAccessible } from '../test/axe';
import { detail, item } from '../test/deployments';
import { domain, organization, organizations, project, projectItem } from '../test/projects';
import { renderAt } from '../test/renderApp';
import { Toasts } from '../ui/Toasts';
import NewProjectPage from './NewProjectPage';
import ProjectPage from './ProjectPage';
import ProjectsPage from './ProjectsPage';

let server: ApiServer;
let current: Project;

const traffic = {
  total: { requests: 1234, bytes: 1_048_576, status2xx: 1200, status3xx: 0, status4xx: 34, status5xx: 0 },
  hours: [],
  topPaths: [{ path: '/index.html', requests: 1000 }],
};

beforeEach(async () => {
  server = await ApiServer.start();
  current = project();
  server.on('GET /api/auth/session', { body: session });
  server.on('GET /api/organizations', organizations());
  server.on('GET /api/projects/project-1', () => ({ body: current }));
  server.on('GET /api/projects/project-1/traffic', { body: traffic });
  server.on('GET /api/deployments/dep-1', { body: detail('success') });
  server.on('GET /api/deployments', { body: { deployments: [item()], pagination: { currentPage: 1, totalPages: 1, totalItems: 1 }, nextCursor: null } });
});

afterEach(() => server.stop());

const address = () => screen.getByLabelText('Address').textContent;
const button = (name: string) => screen.getByRole('button', { name });

function open(path = '/projects/project-1') {
  return renderAt(
    path,
    <>
      <Routes>
        <Route path="/projects" element={<ProjectsPage />} />
        <Route path="/projects/new" element={<NewProjectPage />} />
        <Route path="/projects/:id/:tab?" element={<ProjectPage />} />
        <Route path="/deployments/:id" element={<h1>The deployment</h1>} />
      </Routes>
      <Toasts />
    </>,
  );
}

describe('the list', () => {
  const page = (projects: unknown[]) => ({ body: { projects, pagination: { currentPage: 1, totalPages: 1, totalItems: projects.length } } });

  it('shows each with its address and state, and finds by name', async () => {
    server.on('GET /api/projects', page([projectItem(), projectItem({ id: 'project-2', name: 'docs', lastStatus: null, lastDeploymentAt: null, productionDeploymentId: null })]));
    open('/projects');
    expect(await screen.findByRole('link', { name: 'storefront' })).toHaveAttribute('href', '/projects/project-1');
    expect(screen.getByRole('link', { name: /storefront\.apps\.localhost/ })).toHaveAttribute('href', current.url);
    expect(screen.getByText('Never deployed')).toBeInTheDocument();
    await expectAccessible();
    server.on('GET /api/projects', page([]));
    await userEvent.type(screen.getByLabelText('Search by name or repository'), 'nothing');
    await screen.findByText('No project matches');
    expect(server.calls('GET /api/projects').at(-1)?.query.get('search')).toBe('nothing');
  });

  it('leads somewhere when it is empty, and says when it cannot be loaded', async () => {
    server.on('GET /api/projects', page([]));
    const { unmount } = open('/projects');
    await screen.findByText('No projects yet');
    unmount();
    server.on('GET /api/projects', failure(503, 'SERVICE_UNAVAILABLE', 'Try again shortly.'));
    open('/projects');
    expect(await screen.findByRole('alert')).toHaveTextContent('SERVICE_UNAVAILABLE');
  });
});

describe('a new project', () => {
  const makes = () =>
    server.on('POST /api/projects', () => {
      current = { ...current, productionDeploymentId: null };
      return { status: 201, body: current };
    });

  it('is set up with its variables, and nothing is deployed', async () => {
    makes();
    server.on('PUT /api/projects/project-1/env', { body: { production: [], preview: [] } });
    open('/projects/new');
    await userEvent.type(await screen.findByLabelText('Repository URL'), 'https://github.com/acme/storefront');
    await userEvent.type(screen.getByLabelText(/^Name/), 'Storefront');
    await userEvent.clear(screen.getByLabelText('Production branch'));
    await userEvent.type(screen.getByLabelText('Production branch'), 'trunk');
    await userEvent.type(screen.getByLabelText(/^Node version/), '22');
    await userEvent.type(screen.getByLabelText(/^Build command/), 'make site');
    await userEvent.type(screen.getByLabelText(/^Watch paths/), 'apps/web/**{Enter}');
    await userEvent.click(screen.getByRole('checkbox', { name: /Deploy on every push/ }));
    await userEvent.click(button('Add variable'));
    await userEvent.type(screen.getByLabelText('Name of variable 1'), 'API_KEY');
    await userEvent.type(screen.getByLabelText('Value of API_KEY'), 'secret');
    await expectAccessible();
    await userEvent.click(button('Create project'));
    await waitFor(() => expect(address()).toBe('/projects/project-1'));
    expect(screen.getByText('The project is made')).toBeInTheDocument();
    expect(server.calls('POST /api/projects')[0]?.body).toEqual({
      name: 'Storefront',
      repository: 'https://github.com/acme/storefront',
      branch: 'trunk',
      nodeVersion: '22',
      buildCommand: 'make site',
      submodules: false,
      autoDeploy: false,
      watchPaths: ['apps/web/**'],
    });
    expect(server.calls('PUT /api/projects/project-1/env')[0]?.body).toEqual({ production: [{ name: 'API_KEY', value: 'secret', secret: true }] });
    expect(server.calls('POST /api/deployments')).toHaveLength(0);
  });

  it('is not made without a repository and a branch, or with names that cannot be', async () => {
    makes();
    open('/projects/new');
    await userEvent.clear(await screen.findByLabelText('Production branch'));
    await userEvent.click(button('Create project'));
    expect(screen.getByLabelText('Repository URL')).toHaveAccessibleDescription(/Enter the address/);
    expect(screen.getByLabelText('Repository URL')).toHaveFocus();
    expect(screen.getByLabelText('Production branch')).toHaveAccessibleDescription('Choose a branch.');
    await userEvent.type(screen.getByLabelText('Repository URL'), 'https://github.com/acme/storefront');
    await userEvent.type(screen.getByLabelText('Production branch'), 'main');
    await userEvent.click(button('Add variable'));
    await userEvent.click(button('Create project'));
    expect(screen.getByLabelText('Name of variable 1')).toHaveAccessibleDescription('Enter a name.');
    expect(server.calls('POST /api/projects')).toHaveLength(0);
  });

  it('says at the field what the server refuses, and otherwise why', async () => {
    server.on('POST /api/projects', failure(422, 'VALIDATION_ERROR', 'Invalid.', { nodeVersion: ['Give a Node version such as 22.'] }));
    open('/projects/new?repository=https://github.com/acme/storefront&branch=trunk');
    expect(await screen.findByLabelText('Production branch')).toHaveValue('trunk');
    await userEvent.click(button('Create project'));
    await waitFor(() => expect(screen.getByLabelText(/^Node version/)).toHaveAccessibleDescription('Give a Node version such as 22.'));
    await waitFor(() => expect(screen.getByLabelText(/^Node version/)).toHaveFocus());
    server.on('POST /api/projects', failure(409, 'PROJECT_EXISTS', 'There is such a project.'));
    await userEvent.click(button('Create project'));
    expect(await screen.findByRole('alert')).toHaveTextContent('There is such a project.');
  });

  it('leads to its variables where they were not saved', async () => {
    makes();
    server.on('PUT /api/projects/project-1/env', failure(503, 'SERVICE_UNAVAILABLE', 'Try again shortly.'));
    server.on('GET /api/projects/project-1/env', { body: { production: [], preview: [] } });
    open('/projects/new?repository=https://github.com/acme/storefront');
    await userEvent.click(await screen.findByRole('button', { name: 'Add variable' }));
    await userEvent.type(screen.getByLabelText('Name of variable 1'), 'MODE');
    await userEvent.click(button('Create project'));
    await waitFor(() => expect(address()).toBe('/projects/project-1/environment'));
    expect(screen.getByText('The project is made, but its variables were not saved')).toBeInTheDocument();
    expect(server.calls('POST /api/projects')).toHaveLength(1);
  });
});

describe('the overview', () => {
  it('shows the address of each branch with a preview', async () => {
    server.on('GET /api/deployments', ({ query }) => ({
      body: {
        deployments:
          query.get('environment') === 'preview'
            ? [item({ id: 'dep-3', branch: 'prices', environment: 'preview' }), item({ id: 'dep-2', branch: 'prices', environment: 'preview' })]
            : [item()],
        pagination: { currentPage: 1, totalPages: 1, totalItems: 1 },
        nextCursor: null,
      },
    }));
    server.on('GET /api/deployments/dep-3', { body: detail('success', { id: 'dep-3', branch: 'prices', branchUrl: 'http://git-prices--storefront.apps.localhost:8080' }) });
    open();
    const previews = await screen.findByRole('list', { name: 'Previews' });
    expect(within(previews).getAllByRole('listitem')).toHaveLength(1);
    expect(await within(previews).findByRole('link', { name: /git-prices--storefront/ })).toHaveAttribute('href', 'http://git-prices--storefront.apps.localhost:8080');
    await expectAccessible();
  });

  it('shows what is live, the deployments and the traffic', async () => {
    open();
    const production = await screen.findByRole('region', { name: 'Production' });
    expect(await within(production).findByRole('link', { name: '4f1c9ab' })).toHaveAttribute('href', '/deployments/dep-1');
    expect(await screen.findByText('1,234')).toBeInTheDocument();
    expect(screen.getByText('1.0 MB')).toBeInTheDocument();
    expect(screen.getByText('/index.html')).toBeInTheDocument();
    expect(server.calls('GET /api/deployments')[0]?.query.get('project')).toBe('project-1');
    await userEvent.click(button('7 days'));
    await waitFor(() => expect(server.calls('GET /api/projects/project-1/traffic').at(-1)?.query.get('hours')).toBe('168'));
    await expectAccessible();
  });

  it('is rolled back after asking, says so, and resumes', async () => {
    server.on('POST /api/projects/project-1/rollback', () => {
      current = { ...current, productionDeploymentId: 'dep-0', productionPinned: true };
      return { body: { deploymentId: 'dep-0', previousDeploymentId: 'dep-1', pinned: true } };
    });
    server.on('POST /api/projects/project-1/resume', () => {
      current = { ...current, productionDeploymentId: 'dep-1', productionPinned: false };
      return { body: { deploymentId: 'dep-1', previousDeploymentId: 'dep-0', pinned: false } };
    });
    open();
    await userEvent.click(await screen.findByRole('button', { name: 'Roll back' }));
    expect(server.calls('POST /api/projects/project-1/rollback')).toHaveLength(0);
    await userEvent.click(button('Roll back'));
    await screen.findByText(/Rolled back: new deployments do not go live/);
    expect(server.calls('POST /api/projects/project-1/rollback')[0]?.body).toEqual({ from: 'dep-1' });
    await userEvent.click(button('Resume'));
    await waitFor(() => expect(screen.queryByText(/Rolled back: new deployments do not go live/)).toBeNull());
  });

  it('says when there is nothing to go back to', async () => {
    server.on('POST /api/projects/project-1/rollback', failure(409, 'NOTHING_TO_ROLL_BACK', 'There is no such deployment.'));
    open();
    await userEvent.click(await screen.findByRole('button', { name: 'Roll back' }));
    await userEvent.click(button('Roll back'));
    expect(await screen.findByRole('alert')).toHaveTextContent('NOTHING_TO_ROLL_BACK');
  });

  it('deploys, without a cache where that is wanted', async () => {
    server.on('POST /api/projects/project-1/deployments', { status: 202, body: detail('queued', { id: 'dep-9' }) });
    open();
    await userEvent.click(await screen.findByRole('button', { name: 'Deploy' }));
    await userEvent.click(screen.getByRole('button', { name: /Without cache/ }));
    await screen.findByRole('heading', { name: 'The deployment' });
    expect(server.calls('POST /api/projects/project-1/deployments')[0]?.body).toEqual({ useCache: false });
  });

  it('says that there is no such project', async () => {
    server.on('GET /api/projects/project-1', failure(404, 'PROJECT_NOT_FOUND', 'Project not found.'));
    open();
    expect(await screen.findByRole('alert')).toHaveTextContent('There is no such project, or it belongs to another account');
  });
});

describe('the settings', () => {
  it('are sent whole: what was not touched stays', async () => {
    server.on('PUT /api/projects/project-1', ({ body }) => ({ body: { ...current, ...(body as object), updatedAt: '2026-01-02T00:00:00Z' } }));
    open('/projects/project-1/settings');
    await screen.findByRole('button', { name: 'Save changes' });
    const form = screen.getByRole('form', { name: 'Build and deployment' });
    await expectAccessible();
    await userEvent.clear(within(form).getByLabelText(/Build command/));
    await userEvent.type(within(form).getByLabelText(/Node version/), '22');
    await userEvent.type(within(form).getByLabelText(/Watch paths/), '\npackages/**');
    await userEvent.click(within(form).getByRole('checkbox', { name: /Deploy on every push/ }));
    await userEvent.click(await within(form).findByRole('button', { name: 'Save changes' }));
    await screen.findByText('The settings are saved');
    expect(server.calls('PUT /api/projects/project-1')[0]?.body).toEqual({
      name: 'storefront',
      repository: 'https://github.com/acme/storefront',
      branch: 'main',
      rootDir: 'apps/web',
      installCommand: null,
      buildCommand: null,
      outputDir: null,
      nodeVersion: '22',
      submodules: false,
      autoDeploy: false,
      watchPaths: ['apps/web/**', 'packages/**'],
    });
  });

  it('of the site keep those of the build', async () => {
    server.on('PUT /api/projects/project-1', { body: current });
    open('/projects/project-1/settings');
    await screen.findByRole('button', { name: 'Save site settings' });
    const form = screen.getByRole('form', { name: 'Site' });
    await userEvent.selectOptions(within(form).getByLabelText('Who is asked for a password'), 'previews');
    await userEvent.type(within(form).getByLabelText(/Megabytes to keep/), 'many');
    await userEvent.click(within(form).getByRole('button', { name: 'Save site settings' }));
    expect(await within(form).findByText('Choose a password for your visitors.')).toBeInTheDocument();
    expect(within(form).getByText('Enter a number, or nothing.')).toBeInTheDocument();
    expect(server.calls('PUT /api/projects/project-1')).toHaveLength(0);

    await userEvent.type(within(form).getByLabelText(/Password for visitors/), 'open sesame');
    await userEvent.clear(within(form).getByLabelText(/Megabytes to keep/));
    await userEvent.type(within(form).getByLabelText(/Megabytes to keep/), '2');
    await userEvent.selectOptions(within(form).getByLabelText('Unknown paths'), 'Answer with the first page');
    await userEvent.click(within(form).getByRole('button', { name: 'Save site settings' }));
    await waitFor(() => expect(server.calls('PUT /api/projects/project-1')).toHaveLength(1));
    expect(server.calls('PUT /api/projects/project-1')[0]?.body).toMatchObject({
      buildCommand: 'make site',
      watchPaths: ['apps/web/**'],
      site: { protection: 'previews', password: 'open sesame', spaFallback: true, keepDeployments: null, keepBytes: 2_097_152, assetHours: null },
    });
  });

  it('show what the server refuses at its field', async () => {
    server.on('PUT /api/projects/project-1', failure(422, 'VALIDATION_ERROR', 'x', { rootDir: ['Give a directory inside the repository.'] }));
    open('/projects/project-1/settings');
    const form = await screen.findByRole('form', { name: 'Build and deployment' });
    await userEvent.click(await within(form).findByRole('button', { name: 'Save changes' }));
    await waitFor(() => expect(within(form).getByLabelText(/Root directory/)).toHaveAccessibleDescription('Give a directory inside the repository.'));
  });

  it('are only looked at by a developer of the organization', async () => {
    current = project({ owner: 'org-1' });
    server.on('GET /api/organizations', organizations(organization('developer')));
    open('/projects/project-1/settings');
    await screen.findByText(/Admins of the organization can change/);
    expect(screen.getByLabelText('Name')).toBeDisabled();
    expect(screen.queryByRole('button', { name: /Save/ })).toBeNull();
    expect(screen.queryByRole('button', { name: 'Delete project…' })).toBeNull();
    expect(screen.queryByRole('link', { name: 'Webhooks' })).toBeNull();
  });

  it('delete the project only when its name was typed', async () => {
    server.on('DELETE /api/projects/project-1', { status: 204 });
    server.on('GET /api/projects', { body: { projects: [], pagination: { currentPage: 1, totalPages: 1, totalItems: 0 } } });
    open('/projects/project-1/settings');
    await userEvent.click(await screen.findByRole('button', { name: 'Delete project…' }));
    const field = screen.getByLabelText('Type “storefront”');
    expect(field).toHaveFocus();
    await userEvent.type(field, 'shop');
    await userEvent.click(button('Delete it for good'));
    expect(field).toHaveAccessibleDescription('Type “storefront” to delete it.');
    await userEvent.clear(field);
    await userEvent.type(field, 'storefront');
    await userEvent.click(button('Delete it for good'));
    await waitFor(() => expect(address()).toBe('/projects'));
    expect(server.calls('DELETE /api/projects/project-1')).toHaveLength(1);
  });
});

describe('variables', () => {
  beforeEach(() => {
    server.on('GET /api/projects/project-1/env', {
      body: { production: [{ name: 'API_KEY', value: null, secret: true }], preview: [{ name: 'MODE', value: 'test', secret: false }] },
    });
  });

  it('keep secrets that are not replaced, and take over a pasted file', async () => {
    const user = userEvent.setup();
    server.on('PUT /api/projects/project-1/env', {
      body: { production: [{ name: 'API_KEY', value: null, secret: true }, { name: 'URL', value: null, secret: true }], preview: [] },
    });
    open('/projects/project-1/environment');
    const form = await screen.findByRole('form', { name: 'Variables of production' });
    expect(within(form).getByLabelText('Value of API_KEY')).toHaveValue('');
    expect(within(form).getByLabelText('Name of API_KEY')).toHaveAttribute('readonly');
    await user.click(within(form).getByRole('button', { name: 'Add variable' }));
    await user.click(within(form).getByLabelText('Name of variable 2'));
    await user.paste('URL=https://example.com\n# comment\n');
    await expectAccessible();
    await user.click(within(form).getByRole('button', { name: 'Save production variables' }));
    await screen.findByText('The variables are saved');
    expect(server.calls('PUT /api/projects/project-1/env')[0]?.body).toEqual({
      production: [
        { name: 'API_KEY', secret: true },
        { name: 'URL', value: 'https://example.com', secret: true },
      ],
    });
    // Stored now: not shown any more.
    expect(within(form).getByLabelText('Value of URL')).toHaveValue('');
  });

  it('of one environment do not disturb what is typed for the other', async () => {
    server.on('PUT /api/projects/project-1/env', { body: { production: [], preview: [{ name: 'MODE', value: 'test', secret: false }] } });
    open('/projects/project-1/environment');
    const preview = await screen.findByRole('form', { name: 'Variables of preview' });
    await userEvent.type(within(preview).getByLabelText('Value of MODE'), 'ing');
    const production = screen.getByRole('form', { name: 'Variables of production' });
    await userEvent.click(within(production).getByRole('button', { name: 'Remove API_KEY' }));
    await userEvent.click(within(production).getByRole('button', { name: 'Save production variables' }));
    await within(production).findByText('No variables.');
    await waitFor(() => expect(server.calls('PUT /api/projects/project-1/env')).toHaveLength(1));
    expect(within(preview).getByLabelText('Value of MODE')).toHaveValue('testing');
  });

  it('are not sent with names that cannot be', async () => {
    open('/projects/project-1/environment');
    const form = await screen.findByRole('form', { name: 'Variables of preview' });
    await userEvent.click(within(form).getByRole('button', { name: 'Add variable' }));
    await userEvent.type(within(form).getByLabelText('Name of variable 2'), '9-lives');
    await userEvent.click(within(form).getByRole('button', { name: 'Save preview variables' }));
    expect(within(form).getByLabelText('Name of 9-lives')).toHaveAccessibleDescription(/no digit first/);
    expect(server.calls('PUT /api/projects/project-1/env')).toHaveLength(0);
  });
});

describe('domains', () => {
  it('are added, with the record to set', async () => {
    let list = [] as ReturnType<typeof domain>[];
    server.on('GET /api/projects/project-1/domains', () => ({ body: { domains: list } }));
    server.on('POST /api/projects/project-1/domains', () => {
      list = [domain()];
      return { status: 201, body: list[0] };
    });
    open('/projects/project-1/domains');
    await screen.findByText('No domains of your own');
    await userEvent.click(button('Add domain'));
    expect(screen.getByLabelText('Domain')).toHaveAccessibleDescription(/Enter a domain/);
    await userEvent.type(screen.getByLabelText('Domain'), 'www.example.com');
    await userEvent.click(button('Add domain'));
    expect(await screen.findByText('autostack-verify=abc')).toBeInTheDocument();
    expect(screen.getByText('storefront.apps.example')).toBeInTheDocument();
    await expectAccessible();
  });

  it('say what is missing until they are verified, and become primary', async () => {
    let shown = domain();
    server.on('GET /api/projects/project-1/domains', () => ({ body: { domains: [shown] } }));
    server.on('POST /api/projects/project-1/domains/dom-1/verify', () => {
      shown = domain({ status: 'pending', problem: 'There is no TXT record of this name.', checkedAt: '2026-01-01T00:00:00Z' });
      return { body: shown };
    });
    open('/projects/project-1/domains');
    await userEvent.click(await screen.findByRole('button', { name: 'Verify www.example.com' }));
    await screen.findByText(/There is no TXT record/);
    server.on('POST /api/projects/project-1/domains/dom-1/verify', () => {
      shown = domain({ status: 'verified' });
      return { body: shown };
    });
    await userEvent.click(button('Verify www.example.com'));
    await screen.findByText('Verified');
    server.on('POST /api/projects/project-1/domains/dom-1/primary', () => {
      shown = domain({ status: 'verified', primary: true });
      return { status: 204 };
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Make www.example.com primary' }));
    await screen.findByText('Primary');
  });

  it('that are there already say so at the field', async () => {
    server.on('GET /api/projects/project-1/domains', { body: { domains: [] } });
    server.on('POST /api/projects/project-1/domains', failure(409, 'DOMAIN_EXISTS', 'The project has this domain already.'));
    open('/projects/project-1/domains');
    await userEvent.type(await screen.findByLabelText('Domain'), 'www.example.com');
    await userEvent.click(button('Add domain'));
    await waitFor(() => expect(screen.getByLabelText('Domain')).toHaveAccessibleDescription('The project has this domain already.'));
  });
});

describe('webhooks', () => {
  const webhook = {
    id: 'hook-1',
    url: 'https://example.com/hook',
    events: ['deployment.failed'],
    allProjects: true,
    enabled: true,
    failingSince: null,
    disabledAt: null,
    createdAt: '2026-01-01T00:00:00Z',
    updatedAt: '2026-01-01T00:00:00Z',
  };
  const delivery = {
    id: 'del-1',
    event: 'test',
    state: 'failed',
    attempts: 3,
    responseStatus: 500,
    durationMs: 12,
    error: 'The receiver answered 500.',
    payload: '{"event":"test"}',
    redeliveryOf: null,
    nextAttemptAt: null,
    completedAt: '2026-01-01T00:00:00Z',
    timestamp: '2026-01-01T00:00:00Z',
  };

  it('show their secret once', async () => {
    let list = [] as (typeof webhook)[];
    server.on('GET /api/projects/project-1/webhooks', () => ({ body: { webhooks: list } }));
    server.on('POST /api/projects/project-1/webhooks', () => {
      list = [webhook];
      return { status: 201, body: { secret: 'whsec_once', webhook } };
    });
    open('/projects/project-1/webhooks');
    await screen.findByText('No webhooks');
    await userEvent.type(screen.getByLabelText('Address', { selector: 'input' }), webhook.url);
    await userEvent.click(screen.getByRole('checkbox', { name: 'Succeeded' }));
    await userEvent.click(screen.getByRole('checkbox', { name: /All projects/ }));
    await userEvent.click(button('Add webhook'));
    await screen.findByText('whsec_once');
    expect(server.calls('POST /api/projects/project-1/webhooks')[0]?.body).toEqual({ url: webhook.url, events: ['deployment.failed'], allProjects: true });
    await expectAccessible();
    await userEvent.click(button('Done'));
    expect(screen.queryByText('whsec_once')).toBeNull();
    expect(screen.getByText(/all projects of the owner/)).toBeInTheDocument();
  });

  it('are tested, and what was sent is sent again', async () => {
    server.on('GET /api/projects/project-1/webhooks', { body: { webhooks: [webhook] } });
    server.on('GET /api/projects/project-1/webhooks/hook-1/deliveries', { body: { deliveries: [delivery], nextCursor: null } });
    server.on('POST /api/projects/project-1/webhooks/hook-1/test', { status: 202, body: delivery });
    server.on('POST /api/projects/project-1/webhooks/hook-1/deliveries/del-1/redeliver', { status: 202, body: delivery });
    open('/projects/project-1/webhooks');
    await userEvent.click(await screen.findByRole('button', { name: `Send a test: ${webhook.url}` }));
    await screen.findByText(/answer 500 · 12 ms · 3 attempts · The receiver answered 500/);
    await userEvent.click(button('Send again'));
    await waitFor(() => expect(server.calls('POST /api/projects/project-1/webhooks/hook-1/deliveries/del-1/redeliver')).toHaveLength(1));
    await expectAccessible();
  });

  it('are switched off without losing their events', async () => {
    server.on('GET /api/projects/project-1/webhooks', { body: { webhooks: [webhook] } });
    server.on('PUT /api/projects/project-1/webhooks/hook-1', { body: { ...webhook, enabled: false } });
    open('/projects/project-1/webhooks');
    await userEvent.click(await screen.findByRole('button', { name: `Switch off: ${webhook.url}` }));
    await waitFor(() =>
      expect(server.calls('PUT /api/projects/project-1/webhooks/hook-1')[0]?.body).toEqual({ url: webhook.url, events: ['deployment.failed'], enabled: false }),
    );
  });
});
