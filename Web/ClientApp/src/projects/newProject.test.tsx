import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { failure } from '../test/apiServer';
import { expectAccessible } from '../test/axe';
import { address, button, openProjects, serveProjects } from '../test/projectPages';

const shop = serveProjects();

describe('a new project', () => {
  const makes = () =>
    shop.server.on('POST /api/projects', () => {
      shop.current = { ...shop.current, productionDeploymentId: null };
      return { status: 201, body: shop.current };
    });

  it('is set up with its variables, and nothing is deployed', async () => {
    makes();
    shop.server.on('PUT /api/projects/project-1/env', { body: { production: [], preview: [] } });
    openProjects('/projects/new');
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
    expect(shop.server.calls('POST /api/projects')[0]?.body).toEqual({
      name: 'Storefront',
      repository: 'https://github.com/acme/storefront',
      branch: 'trunk',
      nodeVersion: '22',
      buildCommand: 'make site',
      submodules: false,
      autoDeploy: false,
      watchPaths: ['apps/web/**'],
    });
    expect(shop.server.calls('PUT /api/projects/project-1/env')[0]?.body).toEqual({ production: [{ name: 'API_KEY', value: 'secret', secret: true }] });
    expect(shop.server.calls('POST /api/deployments')).toHaveLength(0);
  });

  it('is not made without a repository and a branch, or with names that cannot be', async () => {
    makes();
    openProjects('/projects/new');
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
    expect(shop.server.calls('POST /api/projects')).toHaveLength(0);
  });

  it('says at the field what the server refuses, and otherwise why', async () => {
    shop.server.on('POST /api/projects', failure(422, 'VALIDATION_ERROR', 'Invalid.', { nodeVersion: ['Give a Node version such as 22.'] }));
    openProjects('/projects/new?repository=https://github.com/acme/storefront&branch=trunk');
    expect(await screen.findByLabelText('Production branch')).toHaveValue('trunk');
    await userEvent.click(button('Create project'));
    await waitFor(() => expect(screen.getByLabelText(/^Node version/)).toHaveAccessibleDescription('Give a Node version such as 22.'));
    await waitFor(() => expect(screen.getByLabelText(/^Node version/)).toHaveFocus());
    shop.server.on('POST /api/projects', failure(409, 'PROJECT_EXISTS', 'There is such a project.'));
    await userEvent.click(button('Create project'));
    expect(await screen.findByRole('alert')).toHaveTextContent('There is such a project.');
  });

  it('leads to its variables where they were not saved', async () => {
    makes();
    shop.server.on('PUT /api/projects/project-1/env', failure(503, 'SERVICE_UNAVAILABLE', 'Try again shortly.'));
    shop.server.on('GET /api/projects/project-1/env', { body: { production: [], preview: [] } });
    openProjects('/projects/new?repository=https://github.com/acme/storefront');
    await userEvent.click(await screen.findByRole('button', { name: 'Add variable' }));
    await userEvent.type(screen.getByLabelText('Name of variable 1'), 'MODE');
    await userEvent.click(button('Create project'));
    await waitFor(() => expect(address()).toBe('/projects/project-1/environment'));
    expect(screen.getByText('The project is made, but its variables were not saved')).toBeInTheDocument();
    expect(shop.server.calls('POST /api/projects')).toHaveLength(1);
  });
});
