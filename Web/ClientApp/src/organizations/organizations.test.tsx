import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Route, Routes } from 'react-router';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiServer, failure, session } from '../test/apiServer';
import { expectAccessible } from '../test/axe';
import { renderAt } from '../test/renderApp';
import OrganizationPage from './OrganizationPage';
import OrganizationsPage from './OrganizationsPage';

let server: ApiServer;

const at = '2026-01-01T00:00:00Z';
const acme = { id: 'org-1', name: 'Acme', slug: 'acme', role: 'owner', memberCount: 2, createdAt: at };
const page = (totalItems: number, currentPage = 1, totalPages = 1) => ({ currentPage, totalPages, totalItems });
const member = (userId: string, name: string, role: string) => ({ userId, name, email: `${userId}@example.com`, avatarUrl: null, role, joinedAt: at });
const invitation = { id: 'inv-1', email: 'grace@example.com', role: 'developer', invitedBy: 'Ada', createdAt: at, expiresAt: '2030-01-01T00:00:00Z' };

beforeEach(async () => {
  server = await ApiServer.start();
  server.on('GET /api/auth/session', { body: session });
  server.on('GET /api/organizations', { body: { organizations: [], pagination: page(0) } });
  server.on('GET /api/organizations/org-1', { body: acme });
  server.on('GET /api/organizations/org-1/members', {
    body: { members: [member('user-1', 'Ada Lovelace', 'owner'), member('user-2', 'Charles Babbage', 'developer')], pagination: page(2) },
  });
  server.on('GET /api/organizations/org-1/invitations', { body: { invitations: [], pagination: page(0) } });
});

afterEach(() => server.stop());

const address = () => screen.getByLabelText('Address').textContent;

const open = (path: string) =>
  renderAt(
    path,
    <Routes>
      <Route path="/organizations" element={<OrganizationsPage />} />
      <Route path="/organizations/:id/:tab?" element={<OrganizationPage />} />
    </Routes>,
  );

describe('the list', () => {
  it('is empty at first, and a new one is opened', async () => {
    const user = userEvent.setup();
    server.on('POST /api/organizations', failure(409, 'SLUG_TAKEN', 'Another organisation has this name in addresses.'));
    open('/organizations');
    await screen.findByText('No organization yet');
    await user.click(screen.getByRole('button', { name: 'New organization' }));
    await user.click(screen.getByRole('button', { name: 'Create' }));
    await screen.findByText('Give it a name.');
    expect(server.calls('POST /api/organizations')).toHaveLength(0);

    await user.type(screen.getByLabelText('Name'), ' Acme ');
    await user.type(screen.getByLabelText(/Name in addresses/), 'acme');
    await user.click(screen.getByRole('button', { name: 'Create' }));
    await screen.findByText('Another organisation has this name in addresses.');
    await expectAccessible();

    server.on('POST /api/organizations', { status: 201, body: acme });
    await user.click(screen.getByRole('button', { name: 'Create' }));
    await screen.findByRole('heading', { level: 1, name: 'Acme' });
    expect(address()).toBe('/organizations/org-1');
    expect(server.calls('POST /api/organizations').at(-1)?.body).toEqual({ name: 'Acme', slug: 'acme' });
  });

  it('has more on demand', async () => {
    const user = userEvent.setup();
    server.on('GET /api/organizations', ({ query }) =>
      query.get('page') === '1'
        ? { body: { organizations: [acme], pagination: page(2, 1, 2) } }
        : { body: { organizations: [{ ...acme, id: 'org-2', name: 'Bell' }], pagination: page(2, 2, 2) } },
    );
    open('/organizations');
    await screen.findByRole('link', { name: 'Acme' });
    await user.click(screen.getByRole('button', { name: 'Load more' }));
    await screen.findByRole('link', { name: 'Bell' });
    expect(screen.queryByRole('button', { name: 'Load more' })).toBeNull();
  });

  it('says when it cannot be loaded', async () => {
    server.on('GET /api/organizations', failure(503, 'SERVICE_UNAVAILABLE', 'Try again shortly.'));
    open('/organizations');
    await screen.findByText('Your organizations could not be loaded');
  });
});

describe('members', () => {
  it('get other roles and are removed, but not oneself', async () => {
    const user = userEvent.setup();
    server.on('PATCH /api/organizations/org-1/members/user-2', { status: 204 });
    server.on('DELETE /api/organizations/org-1/members/user-2', failure(409, 'LAST_OWNER', 'An organisation needs an owner.'));
    open('/organizations/org-1');
    await user.selectOptions(await screen.findByLabelText('Role of Charles Babbage'), 'admin');
    await waitFor(() => expect(server.calls('PATCH /api/organizations/org-1/members/user-2')[0]?.body).toEqual({ role: 'admin' }));
    expect(screen.queryByLabelText('Role of Ada Lovelace')).toBeNull();
    await waitFor(() => expect(screen.getByRole('button', { name: 'Remove Charles Babbage' })).toHaveAttribute('aria-disabled', 'false'));
    await user.click(screen.getByRole('button', { name: 'Remove Charles Babbage' }));
    await user.click(within(screen.getByRole('group', { name: 'Remove Charles Babbage' })).getByRole('button', { name: 'Remove' }));
    await screen.findByText('An organisation needs an owner.');
    await expectAccessible();
  });

  it('are only looked at by those who are no admins', async () => {
    server.on('GET /api/organizations/org-1', { body: { ...acme, role: 'developer' } });
    open('/organizations/org-1');
    await screen.findByText('Charles Babbage');
    expect(screen.queryByLabelText('Role of Charles Babbage')).toBeNull();
    expect(screen.queryByRole('region', { name: 'Invitations' })).toBeNull();
    expect(screen.queryByRole('link', { name: 'Activity' })).toBeNull();
    expect(server.calls('GET /api/organizations/org-1/invitations')).toHaveLength(0);
  });

  it('who are owners are left alone by admins, who make no owners either', async () => {
    server.on('GET /api/organizations/org-1', { body: { ...acme, role: 'admin' } });
    server.on('GET /api/organizations/org-1/members', {
      body: { members: [member('user-3', 'Boss', 'owner'), member('user-2', 'Charles Babbage', 'developer')], pagination: page(2) },
    });
    open('/organizations/org-1');
    const roles = await screen.findByLabelText('Role of Charles Babbage');
    expect(within(roles).queryByRole('option', { name: 'Owner' })).toBeNull();
    expect(screen.queryByLabelText('Role of Boss')).toBeNull();
  });
});

describe('invitations', () => {
  it('are sent, listed and taken back', async () => {
    const user = userEvent.setup();
    server.on('POST /api/organizations/org-1/invitations', failure(409, 'ALREADY_MEMBER', 'This person is a member already.'));
    server.on('DELETE /api/organizations/org-1/invitations/inv-1', { status: 204 });
    open('/organizations/org-1');
    await user.type(await screen.findByLabelText('Email'), 'grace@example.com');
    await user.click(screen.getByRole('button', { name: 'Invite' }));
    await screen.findByText('This person is a member already.');

    server.on('POST /api/organizations/org-1/invitations', { status: 201, body: invitation });
    server.on('GET /api/organizations/org-1/invitations', { body: { invitations: [invitation], pagination: page(1) } });
    await user.selectOptions(screen.getByLabelText('Role'), 'viewer');
    await user.click(screen.getByRole('button', { name: 'Invite' }));
    const list = await screen.findByRole('list', { name: 'Pending invitations' });
    expect(server.calls('POST /api/organizations/org-1/invitations').at(-1)?.body).toEqual({ email: 'grace@example.com', role: 'viewer' });
    expect(screen.getByLabelText('Email')).toHaveValue('');
    await user.click(within(list).getByRole('button', { name: 'Take back grace@example.com' }));
    await user.click(within(list).getByRole('button', { name: 'Take back' }));
    await waitFor(() => expect(server.calls('DELETE /api/organizations/org-1/invitations/inv-1')).toHaveLength(1));
  });

  it('need a proven address', async () => {
    const user = userEvent.setup();
    server.on('POST /api/organizations/org-1/invitations', failure(403, 'EMAIL_NOT_VERIFIED', 'Verify your email address first.'));
    open('/organizations/org-1');
    await user.type(await screen.findByLabelText('Email'), 'grace@example.com');
    await user.click(screen.getByRole('button', { name: 'Invite' }));
    expect(await screen.findByRole('link', { name: 'Confirm your address' })).toHaveAttribute('href', '/verify-email?next=%2Forganizations%2Forg-1');
  });
});

describe('settings', () => {
  it('rename, hand over and delete', async () => {
    const user = userEvent.setup();
    server.on('PATCH /api/organizations/org-1', { body: { ...acme, name: 'Acme Ltd' } });
    server.on('POST /api/organizations/org-1/transfer', failure(403, 'FORBIDDEN', 'You may not do this.'));
    server.on('DELETE /api/organizations/org-1', failure(409, 'ORGANIZATION_NOT_EMPTY', 'The organisation still owns projects.'));
    open('/organizations/org-1/settings');
    const name = await screen.findByLabelText('Name');
    await user.type(name, ' Ltd');
    server.on('GET /api/organizations/org-1', { body: { ...acme, name: 'Acme Ltd' } });
    await user.click(screen.getByRole('button', { name: 'Save changes' }));
    await screen.findByRole('heading', { level: 1, name: 'Acme Ltd' });
    expect(server.calls('PATCH /api/organizations/org-1')[0]?.body).toEqual({ name: 'Acme Ltd', slug: 'acme' });

    await user.click(screen.getByRole('button', { name: 'Hand over' }));
    await screen.findByText('Choose a member.');
    await user.selectOptions(screen.getByLabelText('New owner'), 'user-2');
    await user.click(screen.getByRole('button', { name: 'Hand over' }));
    await screen.findByText('You may not do this.');
    await user.click(screen.getByRole('button', { name: 'Delete…' }));
    await user.click(screen.getByRole('button', { name: 'Delete for good' }));
    await screen.findByText('The organisation still owns projects.');
    await expectAccessible();
  });

  it('let everybody leave', async () => {
    const user = userEvent.setup();
    server.on('GET /api/organizations/org-1', { body: { ...acme, role: 'viewer' } });
    server.on('POST /api/organizations/org-1/leave', { status: 204 });
    open('/organizations/org-1/settings');
    await user.click(await screen.findByRole('button', { name: 'Leave…' }));
    expect(screen.queryByRole('button', { name: 'Delete…' })).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Leave' }));
    await waitFor(() => expect(address()).toBe('/organizations'));
  });
});

it('of others does not exist', async () => {
  server.on('GET /api/organizations/org-1', failure(404, 'ORGANIZATION_NOT_FOUND', 'Not found'));
  open('/organizations/org-1');
  await screen.findByText('There is no such organization, or you are not in it');
});

it('shows its activity to admins', async () => {
  server.on('GET /api/organizations/org-1/audit', { body: { events: [], nextCursor: null } });
  open('/organizations/org-1/activity');
  await screen.findByText('No events');
});
