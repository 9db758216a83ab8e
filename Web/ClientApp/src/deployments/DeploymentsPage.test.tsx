import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ApiServer, failure, type Received } from '../test/apiServer';
import { item } from '../test/deployments';
import { renderAt } from '../test/renderApp';
import DeploymentsPage from './DeploymentsPage';

let server: ApiServer;

beforeEach(async () => {
  server = await ApiServer.start();
});

afterEach(() => server.stop());

const address = () => screen.getByLabelText('Address').textContent;
const asked = () => server.calls('GET /api/deployments').map(({ query }) => Object.fromEntries(query));
const page = (deployments: unknown[], currentPage = 1, totalPages = 1) => ({
  body: { deployments, pagination: { currentPage, totalPages, totalItems: deployments.length } },
});

it('lists deployments with links to their logs and sites', async () => {
  server.on('GET /api/deployments', page([item(), item({ id: 'dep-2', repo: 'acme/api', status: 'failed' })]));
  renderAt('/deployments', <DeploymentsPage />);
  const good = (await screen.findByRole('link', { name: 'acme/storefront' })).closest('tr') as HTMLElement;
  expect(within(good).getByText('Success')).toBeInTheDocument();
  expect(within(good).getByRole('link', { name: /Visit/ })).toHaveAttribute('href', item().url);
  const bad = screen.getByRole('link', { name: 'acme/api' }).closest('tr') as HTMLElement;
  expect(within(bad).getByRole('link', { name: /View logs/ })).toHaveAttribute('href', '/deployments/dep-2');
  expect(within(bad).queryByRole('link', { name: /Visit/ })).toBeNull();
});

it('keeps search, status and page in the address and asks the server for just that', async () => {
  server.on('GET /api/deployments', ({ query }: Received) => page([item()], Number(query.get('page')), 3));
  renderAt('/deployments?status=failed&page=2', <DeploymentsPage />);
  await screen.findByText(/Page 2 of 3/);
  expect(asked()[0]).toEqual({ status: 'failed', page: '2', limit: '10' });
  await userEvent.click(screen.getByRole('link', { name: 'Next' }));
  expect(address()).toBe('/deployments?status=failed&page=3');
  await userEvent.type(screen.getByLabelText('Search by repository'), 'store');
  await waitFor(() => expect(address()).toBe('/deployments?status=failed&search=store'));
  await waitFor(() => expect(asked().at(-1)).toEqual({ search: 'store', status: 'failed', page: '1', limit: '10' }));
  await userEvent.selectOptions(screen.getByLabelText('Status'), 'All statuses');
  expect(address()).toBe('/deployments?search=store');
});

it('tells an empty account from an empty search', async () => {
  server.on('GET /api/deployments', page([]));
  const { unmount } = renderAt('/deployments', <DeploymentsPage />);
  expect(await screen.findByText('Nothing deployed yet')).toBeInTheDocument();
  unmount();
  renderAt('/deployments?search=x', <DeploymentsPage />);
  expect(await screen.findByText('No deployment matches')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('link', { name: 'Show all deployments' }));
  expect(screen.getByLabelText('Search by repository')).toHaveValue('');
});

it('shows a failure with its request id, and recovers', async () => {
  let broken = true;
  server.on('GET /api/deployments', () => (broken ? failure(500, 'INTERNAL_SERVER_ERROR', 'It broke.') : page([item()])));
  renderAt('/deployments', <DeploymentsPage />);
  const alert = await screen.findByRole('alert');
  expect(alert).toHaveTextContent('request req-1');
  broken = false;
  await userEvent.click(within(alert).getByRole('button', { name: 'Try again' }));
  expect(await screen.findByRole('link', { name: 'acme/storefront' })).toBeInTheDocument();
}, 15_000);

it('narrows by project, branch and environment, and keeps that in the address', async () => {
  server.on('GET /api/deployments', page([item({ branch: 'feature', environment: 'preview' })]));
  server.on('GET /api/projects', { body: { projects: [{ id: 'project-1', name: 'storefront' }], pagination: { currentPage: 1, totalPages: 1, totalItems: 1 } } });
  renderAt('/deployments?page=3', <DeploymentsPage />);
  await screen.findByRole('option', { name: 'storefront' });
  await userEvent.selectOptions(screen.getByLabelText('Project'), 'storefront');
  await userEvent.selectOptions(screen.getByLabelText('Environment'), 'Previews');
  await userEvent.type(screen.getByLabelText('Branch'), 'feature');
  await waitFor(() => expect(address()).toBe('/deployments?project=project-1&environment=preview&branch=feature'));
  await waitFor(() => expect(asked().at(-1)).toEqual({ project: 'project-1', environment: 'preview', branch: 'feature', page: '1', limit: '10' }));
  expect(screen.getByText('Preview')).toBeInTheDocument();
});

it('shows what an address narrows to, a project further down than the list goes included', async () => {
  server.on('GET /api/deployments', page([]));
  renderAt('/deployments?project=project-99', <DeploymentsPage />);
  await screen.findByText('No deployment matches');
  expect(screen.getByLabelText('Project')).toHaveDisplayValue('Chosen project');
});
