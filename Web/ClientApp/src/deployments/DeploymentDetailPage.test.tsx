import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Route, Routes } from 'react-router';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { DeploymentDetail } from '../api/types';
import { ApiServer, failure, session } from '../test/apiServer';
import { expectAccessible } from '../test/axe';
import { detail } from '../test/deployments';
import { renderAt } from '../test/renderApp';
import DeploymentDetailPage from './DeploymentDetailPage';

let server: ApiServer;
let current: DeploymentDetail;

beforeEach(async () => {
  server = await ApiServer.start();
  current = detail('success');
  server.on('GET /api/auth/session', { body: session });
  server.on('GET /api/deployments/dep-1', () => ({ body: current }));
  server.on('GET /api/deployments/dep-1/logs', { body: { lines: [], lastSeq: 0, total: 0 } });
});

afterEach(() => server.stop());

function show() {
  renderAt(
    '/deployments/dep-1',
    <Routes>
      <Route path="/deployments/:id" element={<DeploymentDetailPage />} />
    </Routes>,
  );
}

it('leads to the site of a deployment that succeeded', async () => {
  current = detail('success', { immutableUrl: 'http://abc--storefront.apps.localhost:8080' });
  show();
  expect(await screen.findByRole('link', { name: /Visit site/ })).toHaveAttribute('href', current.url);
  expect(screen.getByRole('link', { name: /abc--storefront.apps.localhost:8080/ })).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: 'Cancel' })).toBeNull();
});

it('tells its addresses apart: production, the branch, and its own', async () => {
  current = detail('success', { branchUrl: 'http://git-main--storefront.apps.localhost:8080', immutableUrl: 'http://abc--storefront.apps.localhost:8080' });
  show();
  const addresses = await screen.findByLabelText('Addresses');
  expect(within(addresses).getAllByRole('term').map((term) => term.textContent?.trim())).toEqual(['Production', 'Branch', 'This deployment']);
  expect(within(addresses).getByRole('link', { name: /git-main--storefront/ })).toHaveAttribute('href', 'http://git-main--storefront.apps.localhost:8080');
  expect(within(addresses).getByRole('button', { name: 'Copy git-main--storefront.apps.localhost:8080' })).toBeInTheDocument();
  await expectAccessible();
});

it('says what failed once, and not at each stage again', async () => {
  current = detail('failed', {
    error: { code: 'BUILD_FAILED', message: 'It ended with exit code 2.', hint: null, line: null },
    stages: ['Building', 'Failed'].map((name) => ({ name, status: 'failed', timestamp: '2026-01-20T10:30:00Z', completedAt: null, error: 'It ended with exit code 2.' })),
  });
  show();
  await screen.findByRole('heading', { name: 'Why it failed' });
  expect(screen.getAllByText('It ended with exit code 2.')).toHaveLength(1);
});

it('copies the address', async () => {
  const user = userEvent.setup();
  show();
  await user.click(await screen.findByRole('button', { name: 'Copy URL' }));
  expect(await screen.findByText('Copied')).toBeInTheDocument();
  expect(await navigator.clipboard.readText()).toBe(current.url);
});

it('says why a deployment failed, and at which stage', async () => {
  current = detail('failed', {
    error: { code: 'BUILD_FAILED', message: 'npm run build ended with exit code 2.', hint: 'Run it on your machine.', line: 'src/App.tsx(12,7): error TS2322' },
    stages: [{ name: 'Building', status: 'failed', timestamp: '2026-01-20T10:30:00Z', completedAt: null, error: 'exit code 2' }],
  });
  show();
  expect(await screen.findByRole('heading', { name: 'Why it failed' })).toBeInTheDocument();
  expect(screen.getByText('npm run build ended with exit code 2.')).toBeInTheDocument();
  expect(screen.getByText('Run it on your machine.')).toBeInTheDocument();
  expect(screen.getByText('src/App.tsx(12,7): error TS2322')).toBeInTheDocument();
  const stage = within(screen.getByRole('region', { name: 'Stages' })).getByRole('listitem');
  expect(stage).toHaveTextContent('Building, failed');
  expect(stage).toHaveTextContent('exit code 2');
});

it('moves on by itself when the stream reports a new status', async () => {
  current = detail('building');
  server.onSocket((socket) => {
    current = detail('success');
    socket.send(JSON.stringify({ type: 'deployment_complete', status: 'success', duration: '2s', url: current.url }));
  });
  show();
  expect(await screen.findByRole('link', { name: /Visit site/ })).toBeInTheDocument();
});

it('cancels a running deployment once', async () => {
  current = detail('building');
  server.onSocket(() => undefined);
  server.on('POST /api/deployments/dep-1/cancel', () => {
    current = detail('cancelled');
    return { status: 202, body: current };
  });
  show();
  await userEvent.click(await screen.findByRole('button', { name: 'Cancel' }));
  await waitFor(() => expect(screen.getByRole('heading', { level: 1 })).toHaveTextContent('Cancelled'));
  expect(server.calls('POST /api/deployments/dep-1/cancel')).toHaveLength(1);
});

it('says that a deployment does not exist', async () => {
  server.on('GET /api/deployments/dep-1', failure(404, 'DEPLOYMENT_NOT_FOUND', 'Deployment was not found.'));
  show();
  expect(await screen.findByRole('heading', { level: 1 })).toHaveTextContent('This deployment does not exist');
  expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull();
});
