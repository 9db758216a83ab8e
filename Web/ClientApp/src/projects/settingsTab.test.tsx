import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { failure } from '../test/apiServer';
import { expectAccessible } from '../test/axe';
import { address, button, openProjects, serveProjects } from '../test/projectPages';
import { organization, organizations, project } from '../test/projects';

const shop = serveProjects();

describe('the settings', () => {
  it('are sent whole: what was not touched stays', async () => {
    shop.server.on('PUT /api/projects/project-1', ({ body }) => ({ body: { ...shop.current, ...(body as object), updatedAt: '2026-01-02T00:00:00Z' } }));
    openProjects('/projects/project-1/settings');
    await screen.findByRole('button', { name: 'Save changes' });
    const form = screen.getByRole('form', { name: 'Build and deployment' });
    await expectAccessible();
    await userEvent.clear(within(form).getByLabelText(/Build command/));
    await userEvent.type(within(form).getByLabelText(/Node version/), '22');
    await userEvent.type(within(form).getByLabelText(/Watch paths/), '\npackages/**');
    await userEvent.click(within(form).getByRole('checkbox', { name: /Deploy on every push/ }));
    await userEvent.click(await within(form).findByRole('button', { name: 'Save changes' }));
    await screen.findByText('The settings are saved');
    expect(shop.server.calls('PUT /api/projects/project-1')[0]?.body).toEqual({
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
    shop.server.on('PUT /api/projects/project-1', { body: shop.current });
    openProjects('/projects/project-1/settings');
    await screen.findByRole('button', { name: 'Save site settings' });
    const form = screen.getByRole('form', { name: 'Site' });
    await userEvent.selectOptions(within(form).getByLabelText('Who is asked for a password'), 'previews');
    await userEvent.type(within(form).getByLabelText(/Megabytes to keep/), 'many');
    await userEvent.click(within(form).getByRole('button', { name: 'Save site settings' }));
    expect(await within(form).findByText('Choose a password for your visitors.')).toBeInTheDocument();
    expect(within(form).getByText('Enter a number, or nothing.')).toBeInTheDocument();
    expect(shop.server.calls('PUT /api/projects/project-1')).toHaveLength(0);

    await userEvent.type(within(form).getByLabelText(/Password for visitors/), 'open sesame');
    await userEvent.clear(within(form).getByLabelText(/Megabytes to keep/));
    await userEvent.type(within(form).getByLabelText(/Megabytes to keep/), '2');
    await userEvent.selectOptions(within(form).getByLabelText('Unknown paths'), 'Answer with the first page');
    await userEvent.click(within(form).getByRole('button', { name: 'Save site settings' }));
    await waitFor(() => expect(shop.server.calls('PUT /api/projects/project-1')).toHaveLength(1));
    expect(shop.server.calls('PUT /api/projects/project-1')[0]?.body).toMatchObject({
      buildCommand: 'make site',
      watchPaths: ['apps/web/**'],
      site: { protection: 'previews', password: 'open sesame', spaFallback: true, keepDeployments: null, keepBytes: 2_097_152, assetHours: null },
    });
  });

  it('show what the server refuses at its field', async () => {
    shop.server.on('PUT /api/projects/project-1', failure(422, 'VALIDATION_ERROR', 'x', { rootDir: ['Give a directory inside the repository.'] }));
    openProjects('/projects/project-1/settings');
    const form = await screen.findByRole('form', { name: 'Build and deployment' });
    await userEvent.click(await within(form).findByRole('button', { name: 'Save changes' }));
    await waitFor(() => expect(within(form).getByLabelText(/Root directory/)).toHaveAccessibleDescription('Give a directory inside the repository.'));
  });

  it('are only looked at by a developer of the organization', async () => {
    shop.current = project({ owner: 'org-1' });
    shop.server.on('GET /api/organizations', organizations(organization('developer')));
    openProjects('/projects/project-1/settings');
    await screen.findByText(/Admins of the organization can change/);
    expect(screen.getByLabelText('Name')).toBeDisabled();
    expect(screen.queryByRole('button', { name: /Save/ })).toBeNull();
    expect(screen.queryByRole('button', { name: 'Delete project…' })).toBeNull();
    expect(screen.queryByRole('link', { name: 'Webhooks' })).toBeNull();
  });

  it('delete the project only when its name was typed', async () => {
    shop.server.on('DELETE /api/projects/project-1', { status: 204 });
    shop.server.on('GET /api/projects', { body: { projects: [], pagination: { currentPage: 1, totalPages: 1, totalItems: 0 } } });
    openProjects('/projects/project-1/settings');
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
    expect(shop.server.calls('DELETE /api/projects/project-1')).toHaveLength(1);
  });
});
