import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { failure } from '../test/apiServer';
import { expectAccessible } from '../test/axe';
import { openProjects, serveProjects } from '../test/projectPages';
import { projectItem } from '../test/projects';

const shop = serveProjects();

describe('the list', () => {
  const page = (projects: unknown[]) => ({ body: { projects, pagination: { currentPage: 1, totalPages: 1, totalItems: projects.length } } });

  it('shows each with its address and state, and finds by name', async () => {
    shop.server.on('GET /api/projects', page([projectItem(), projectItem({ id: 'project-2', name: 'docs', lastStatus: null, lastDeploymentAt: null, productionDeploymentId: null })]));
    openProjects('/projects');
    expect(await screen.findByRole('link', { name: 'storefront' })).toHaveAttribute('href', '/projects/project-1');
    expect(screen.getByRole('link', { name: /storefront\.apps\.localhost/ })).toHaveAttribute('href', shop.current.url);
    expect(screen.getByText('Never deployed')).toBeInTheDocument();
    await expectAccessible();
    shop.server.on('GET /api/projects', page([]));
    await userEvent.type(screen.getByLabelText('Search by name or repository'), 'nothing');
    await screen.findByText('No project matches');
    expect(shop.server.calls('GET /api/projects').at(-1)?.query.get('search')).toBe('nothing');
  });

  it('leads somewhere when it is empty, and says when it cannot be loaded', async () => {
    shop.server.on('GET /api/projects', page([]));
    const { unmount } = openProjects('/projects');
    await screen.findByText('No projects yet');
    unmount();
    shop.server.on('GET /api/projects', failure(503, 'SERVICE_UNAVAILABLE', 'Try again shortly.'));
    openProjects('/projects');
    expect(await screen.findByRole('alert')).toHaveTextContent('SERVICE_UNAVAILABLE');
  });
});
