import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Route, Routes } from 'react-router';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { DeploymentDetail } from '../api/types';
import { ApiServer, failure, session } from '../test/apiServer';
import { expectAccessible } from '../test/axe';
import { detail } from '../test/deployments';
import { organization, organizations } from '../test/projects';
import { renderAt } from '../test/renderApp';
import { Toasts } from '../ui/Toasts';
import DeploymentDetailPage from './DeploymentDetailPage';

let server: ApiServer;
let current: DeploymentDetail;

beforeEach(async () => {
  server = await ApiServer.start();
  current = detail('success', { promotable: true });
  server.on('GET /api/auth/session', { body: session });
  server.on('GET /api/deployments/dep-1', () => ({ body: current }));
  server.on('GET /api/deployments/dep-1/logs', { body: { lines: [], lastSeq: 0, total: 0 } });
  server.on('GET /api/deployments/dep-2', { body: detail('success', { id: 'dep-2' }) });
  server.on('GET /api/deployments/dep-2/logs', { body: { lines: [], lastSeq: 0, total: 0 } });
});

afterEach(() => server.stop());

const address = () => screen.getByLabelText('Address').textContent;
const press = async (name: string | RegExp) => userEvent.click(await screen.findByRole('button', { name }));

function show() {
  renderAt(
    '/deployments/dep-1',
    <>
      <Routes>
        <Route path="/deployments" element={<h1>All deployments</h1>} />
        <Route path="/deployments/:id" element={<DeploymentDetailPage />} />
      </Routes>
      <Toasts />
    </>,
  );
}

it.each([
  [/^Same commit The same/, {}],
  [/^Same commit, without cache/, { useCache: false }],
  [/^Latest of main/, { latest: true }],
])('is deployed again: %s', async (choice, body) => {
  server.on('POST /api/deployments/dep-1/redeploy', { status: 202, body: detail('queued', { id: 'dep-2' }) });
  show();
  await press('Redeploy');
  await press(choice);
  await waitFor(() => expect(address()).toBe('/deployments/dep-2'));
  expect(server.calls('POST /api/deployments/dep-1/redeploy')[0]?.body).toEqual(body);
});

it('closes the choice by Escape, with the focus back on its button', async () => {
  show();
  await press('Redeploy');
  await userEvent.tab();
  await userEvent.keyboard('{Escape}');
  expect(screen.getByRole('button', { name: 'Redeploy' })).toHaveFocus();
  expect(screen.queryByRole('button', { name: /^Same commit/ })).toBeNull();
});

it('is promoted after asking, and then neither promoted nor deleted any more', async () => {
  server.on('POST /api/deployments/dep-1/promote', () => {
    current = { ...current, inProduction: true };
    return { body: current };
  });
  show();
  await press('Promote');
  expect(server.calls('POST /api/deployments/dep-1/promote')).toHaveLength(0);
  await press('Make it production');
  await waitFor(() => expect(screen.getByRole('heading', { level: 1 })).toHaveTextContent('Live'));
  expect(screen.queryByRole('button', { name: 'Promote' })).toBeNull();
  expect(screen.queryByRole('button', { name: 'Delete' })).toBeNull();
  await expectAccessible();
});

it('says why it was not promoted', async () => {
  server.on('POST /api/deployments/dep-1/promote', failure(409, 'DEPLOYMENT_NOT_PROMOTABLE', 'It has lost its files.'));
  show();
  await press('Promote');
  await press('Make it production');
  await screen.findByText(/It has lost its files/);
});

it('is deleted after asking', async () => {
  server.on('DELETE /api/deployments/dep-1', { status: 204 });
  show();
  await press('Delete');
  await press('Delete deployment');
  expect(await screen.findByRole('heading', { name: 'All deployments' })).toBeInTheDocument();
  expect(server.calls('DELETE /api/deployments/dep-1')).toHaveLength(1);
});

it('tells its place in the queue', async () => {
  current = detail('queued', { queuePosition: 3 });
  server.onSocket(() => undefined);
  show();
  expect(await screen.findByText('Position 3 in the queue')).toBeInTheDocument();
});

it('of a fork begins once somebody has approved it', async () => {
  current = detail('queued', { approval: 'waiting', pullRequest: 12, environment: 'preview' });
  server.onSocket(() => undefined);
  server.on('POST /api/deployments/dep-1/approve', () => {
    current = { ...current, approval: 'approved' };
    return { status: 202, body: { id: 'dep-1', status: 'queued', approval: 'approved' } };
  });
  show();
  const notice = await screen.findByRole('region', { name: 'Waits for approval' });
  expect(notice).toHaveTextContent('Pull request #12');
  await userEvent.click(await within(notice).findByRole('button', { name: 'Approve' }));
  await userEvent.click(within(notice).getByRole('button', { name: 'Let it run' }));
  await waitFor(() => expect(screen.queryByRole('region', { name: 'Waits for approval' })).toBeNull());
});

it('of an organization offers a viewer nothing to change', async () => {
  current = detail('success', { owner: 'org-1', promotable: true });
  server.on('GET /api/organizations', organizations(organization('viewer')));
  show();
  await screen.findByRole('link', { name: /Visit site/ });
  await waitFor(() => expect(server.calls('GET /api/organizations')).toHaveLength(1));
  for (const name of ['Redeploy', 'Promote', 'Delete']) expect(screen.queryByRole('button', { name })).toBeNull();
});

it('of an organization offers a developer to deploy, but not to delete', async () => {
  current = detail('success', { owner: 'org-1', promotable: true });
  server.on('GET /api/organizations', organizations(organization('developer')));
  show();
  await screen.findByRole('button', { name: 'Redeploy' });
  expect(screen.getByRole('button', { name: 'Promote' })).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: 'Delete' })).toBeNull();
});
