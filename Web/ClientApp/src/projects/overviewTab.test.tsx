import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { failure } from '../test/apiServer';
import { expectAccessible } from '../test/axe';
import { detail, item } from '../test/deployments';
import { button, openProjects, serveProjects } from '../test/projectPages';

const shop = serveProjects();

describe('the overview', () => {
  it('shows the address of each branch with a preview', async () => {
    shop.server.on('GET /api/deployments', ({ query }) => ({
      body: {
        deployments:
          query.get('environment') === 'preview'
            ? [item({ id: 'dep-3', branch: 'prices', environment: 'preview' }), item({ id: 'dep-2', branch: 'prices', environment: 'preview' })]
            : [item()],
        pagination: { currentPage: 1, totalPages: 1, totalItems: 1 },
        nextCursor: null,
      },
    }));
    shop.server.on('GET /api/deployments/dep-3', { body: detail('success', { id: 'dep-3', branch: 'prices', branchUrl: 'http://git-prices--storefront.apps.localhost:8080' }) });
    openProjects();
    const previews = await screen.findByRole('list', { name: 'Previews' });
    expect(within(previews).getAllByRole('listitem')).toHaveLength(1);
    expect(await within(previews).findByRole('link', { name: /git-prices--storefront/ })).toHaveAttribute('href', 'http://git-prices--storefront.apps.localhost:8080');
    await expectAccessible();
  });

  it('shows what is live, the deployments and the traffic', async () => {
    openProjects();
    const production = await screen.findByRole('region', { name: 'Production' });
    expect(await within(production).findByRole('link', { name: '4f1c9ab' })).toHaveAttribute('href', '/deployments/dep-1');
    expect(await screen.findByText('1,234')).toBeInTheDocument();
    expect(screen.getByText('1.0 MB')).toBeInTheDocument();
    expect(screen.getByText('/index.html')).toBeInTheDocument();
    expect(shop.server.calls('GET /api/deployments')[0]?.query.get('project')).toBe('project-1');
    await userEvent.click(button('7 days'));
    await waitFor(() => expect(shop.server.calls('GET /api/projects/project-1/traffic').at(-1)?.query.get('hours')).toBe('168'));
    await expectAccessible();
  });

  it('is rolled back after asking, says so, and resumes', async () => {
    shop.server.on('POST /api/projects/project-1/rollback', () => {
      shop.current = { ...shop.current, productionDeploymentId: 'dep-0', productionPinned: true };
      return { body: { deploymentId: 'dep-0', previousDeploymentId: 'dep-1', pinned: true } };
    });
    shop.server.on('POST /api/projects/project-1/resume', () => {
      shop.current = { ...shop.current, productionDeploymentId: 'dep-1', productionPinned: false };
      return { body: { deploymentId: 'dep-1', previousDeploymentId: 'dep-0', pinned: false } };
    });
    openProjects();
    await userEvent.click(await screen.findByRole('button', { name: 'Roll back' }));
    expect(shop.server.calls('POST /api/projects/project-1/rollback')).toHaveLength(0);
    await userEvent.click(button('Roll back'));
    await screen.findByText(/Rolled back: new deployments do not go live/);
    expect(shop.server.calls('POST /api/projects/project-1/rollback')[0]?.body).toEqual({ from: 'dep-1' });
    await userEvent.click(button('Resume'));
    await waitFor(() => expect(screen.queryByText(/Rolled back: new deployments do not go live/)).toBeNull());
  });

  it('says when there is nothing to go back to', async () => {
    shop.server.on('POST /api/projects/project-1/rollback', failure(409, 'NOTHING_TO_ROLL_BACK', 'There is no such deployment.'));
    openProjects();
    await userEvent.click(await screen.findByRole('button', { name: 'Roll back' }));
    await userEvent.click(button('Roll back'));
    expect(await screen.findByRole('alert')).toHaveTextContent('NOTHING_TO_ROLL_BACK');
  });

  it('deploys, without a cache where that is wanted', async () => {
    shop.server.on('POST /api/projects/project-1/deployments', { status: 202, body: detail('queued', { id: 'dep-9' }) });
    openProjects();
    await userEvent.click(await screen.findByRole('button', { name: 'Deploy' }));
    await userEvent.click(screen.getByRole('button', { name: /Without cache/ }));
    await screen.findByRole('heading', { name: 'The deployment' });
    expect(shop.server.calls('POST /api/projects/project-1/deployments')[0]?.body).toEqual({ useCache: false });
  });

  it('says that there is no such project', async () => {
    shop.server.on('GET /api/projects/project-1', failure(404, 'PROJECT_NOT_FOUND', 'Project not found.'));
    openProjects();
    expect(await screen.findByRole('alert')).toHaveTextContent('There is no such project, or it belongs to another account');
  });
});
