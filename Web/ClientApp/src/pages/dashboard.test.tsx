import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ApiServer, failure, session } from '../test/apiServer';
import { expectAccessible } from '../test/axe';
import { item } from '../test/deployments';
import { renderAt } from '../test/renderApp';
import Dashboard from './Dashboard';

let server: ApiServer;

const stats = {
  totalDeployments: 1024,
  weeklyChange: '+3',
  activeProjects: 8,
  todayDeployments: 1,
  successRate: 96 as number | null,
  monthlySuccessChange: -2 as number | null,
  avgDeployTime: '2.4m' as string | null,
  timeImprovement: '-18s' as string | null,
};

beforeEach(async () => {
  server = await ApiServer.start();
  server.on('GET /api/auth/session', { body: session });
  server.on('GET /api/deployments/recent', { body: { recentDeployments: [item()] } });
  server.on('GET /api/dashboard/stats', { body: { stats } });
  server.on('GET /api/github/connection', { body: { available: true, connected: true, broken: false } });
});

afterEach(() => server.stop());

const value = async (name: string) => (await screen.findByText(name, { selector: 'dt' })).parentElement?.textContent;

it('shows the figures, and whether they got better', async () => {
  renderAt('/dashboard', <Dashboard />);
  expect(await value('Deployments')).toBe('Deployments1,024+3 in the last 7 days');
  expect(await value('Active projects')).toBe('Active projects81 deployment today');
  expect(await value('Success rate')).toBe('Success rate96 %-2 points in 30 days');
  expect(screen.getByText('-2 points in 30 days')).toHaveClass('text-bad');
  expect(screen.getByText('-18s in 30 days')).toHaveClass('text-ok');
  expect(screen.queryByRole('region', { name: 'GitHub' })).toBeNull();
  await expectAccessible();
});

it('says nothing about what cannot be told yet', async () => {
  server.on('GET /api/dashboard/stats', { body: { stats: { ...stats, successRate: null, monthlySuccessChange: null, avgDeployTime: null, timeImprovement: null } } });
  renderAt('/dashboard', <Dashboard />);
  expect(await value('Success rate')).toBe('Success rate–last 30 days');
  expect(await value('Average time')).toBe('Average time–last 30 days');
});

it('shows the deployments though the figures are not there', async () => {
  server.on('GET /api/dashboard/stats', failure(503, 'SERVICE_UNAVAILABLE', 'Try again shortly.'));
  renderAt('/dashboard', <Dashboard />);
  expect(await screen.findByRole('alert')).toHaveTextContent('The figures could not be loaded');
  expect(await screen.findByRole('link', { name: 'acme/storefront' })).toBeInTheDocument();
});

it('offers to connect GitHub until it is, or is not wanted now', async () => {
  server.on('GET /api/github/connection', { body: { available: true, connected: false, broken: false } });
  renderAt('/dashboard', <Dashboard />);
  expect(await screen.findByRole('link', { name: 'Connect GitHub' })).toHaveAttribute('href', '/settings/github');
  await userEvent.click(screen.getByRole('button', { name: 'Not now' }));
  expect(screen.queryByRole('link', { name: 'Connect GitHub' })).toBeNull();
});

it('does not offer a GitHub that this installation has not', async () => {
  server.on('GET /api/github/connection', { body: { available: false, connected: false, broken: false } });
  renderAt('/dashboard', <Dashboard />);
  await screen.findByText('acme/storefront');
  await waitFor(() => expect(server.calls('GET /api/github/connection')).toHaveLength(1));
  expect(screen.queryByRole('region', { name: 'GitHub' })).toBeNull();
});
