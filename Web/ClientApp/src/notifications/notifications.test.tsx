import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Route, Routes } from 'react-router';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiServer, failure } from '../test/apiServer';
import { expectAccessible } from '../test/axe';
import { renderAt } from '../test/renderApp';
import { Toasts } from '../ui/Toasts';
import { NotificationBell } from './NotificationBell';
import NotificationsPage from './NotificationsPage';

let server: ApiServer;

const notification = (seq: number, part = {}) => ({
  id: `n-${seq}`,
  seq,
  type: 'deployment.failed',
  title: `Deployment ${seq} failed`,
  message: 'npm run build ended with exit code 2.',
  link: `/deployments/dep-${seq}`,
  data: {},
  read: false,
  timestamp: '2026-01-01T00:00:00Z',
  ...part,
});

/** Answers as the Api does. */
function keep(start: ReturnType<typeof notification>[]) {
  let kept = start;
  const unread = () => kept.filter(({ read }) => !read).length;
  server.on('GET /api/notifications/unread', () => ({ body: { unread: unread() } }));
  server.on('GET /api/notifications', ({ query }) => ({
    body: { notifications: kept.filter(({ read }) => query.get('unread') !== 'true' || !read), nextCursor: null, unread: unread() },
  }));
  server.on('POST /api/notifications/read', ({ body }) => {
    kept = kept.map((each) => (each.seq <= (body as { upTo: number }).upTo ? { ...each, read: true } : each));
    return { body: { updated: 1, unread: unread() } };
  });
  for (const { id } of start) {
    server.on(`POST /api/notifications/${id}/read`, () => {
      kept = kept.map((each) => (each.id === id ? { ...each, read: true } : each));
      return { status: 204 };
    });
    server.on(`DELETE /api/notifications/${id}`, () => {
      kept = kept.filter((each) => each.id !== id);
      return { status: 204 };
    });
  }
  return (next: ReturnType<typeof notification>) => {
    kept = [next, ...kept];
  };
}

beforeEach(async () => {
  server = await ApiServer.start();
});

afterEach(() => server.stop());

describe('the bell', () => {
  const bell = () => screen.getByRole('button', { name: /Notifications/ });
  const open = () =>
    renderAt(
      '/dashboard',
      <>
        <NotificationBell />
        <Routes>
          <Route path="*" element={null} />
        </Routes>
        <Toasts />
      </>,
    );

  it('counts what is unread, shows it, and marks it when it is opened', async () => {
    keep([notification(2), notification(1, { read: true })]);
    open();
    await waitFor(() => expect(bell()).toHaveTextContent('1 unread'));
    await userEvent.click(bell());
    const list = await screen.findByRole('list', { name: 'Newest notifications' });
    expect(within(list).getAllByRole('listitem')).toHaveLength(2);
    await expectAccessible();
    await userEvent.click(within(list).getByRole('link', { name: 'Deployment 2 failed' }));
    expect(screen.getByLabelText('Address')).toHaveTextContent('/deployments/dep-2');
    await waitFor(() => expect(bell()).not.toHaveTextContent('unread'));
    expect(bell()).toHaveAttribute('aria-expanded', 'false');
  });

  it('hears of new ones at once, and opens a lost stream again', async () => {
    const add = keep([]);
    let opened = 0;
    server.onSocket((socket) => {
      opened += 1;
      if (opened === 1) {
        socket.terminate();
        return;
      }
      add(notification(7));
      socket.send(JSON.stringify({ type: 'notification', seq: 7, notification: notification(7) }));
      socket.send(JSON.stringify({ type: 'unread', unread: 1, seq: 7 }));
    });
    open();
    await waitFor(() => expect(bell()).toHaveTextContent('1 unread'));
    expect(opened).toBe(2);
  });

  it('marks only what was shown: what came meanwhile stays unread', async () => {
    keep([notification(3), notification(2)]);
    open();
    await userEvent.click(bell());
    await userEvent.click(await screen.findByRole('button', { name: 'Mark all as read' }));
    await waitFor(() => expect(server.calls('POST /api/notifications/read')[0]?.body).toEqual({ upTo: 3 }));
    await waitFor(() => expect(bell()).not.toHaveTextContent('unread'));
  });
});

describe('the page', () => {
  const open = (path = '/notifications') =>
    renderAt(
      path,
      <>
        <NotificationsPage />
        <Toasts />
      </>,
    );

  it('marks and deletes one at a time, and shows only the unread where that is wanted', async () => {
    keep([notification(2), notification(1)]);
    open();
    await userEvent.click(await screen.findByRole('button', { name: 'Mark as read: Deployment 1 failed' }));
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Mark as read: Deployment 1 failed' })).toBeNull());
    await expectAccessible();
    await userEvent.selectOptions(screen.getByLabelText('Show'), 'Unread only');
    await waitFor(() => expect(screen.queryByText('Deployment 1 failed')).toBeNull());
    await userEvent.click(screen.getByRole('button', { name: 'Delete: Deployment 2 failed' }));
    await screen.findByText('Nothing unread');
  });

  it('says when something was not kept', async () => {
    keep([notification(1)]);
    server.on('DELETE /api/notifications/n-1', failure(503, 'SERVICE_UNAVAILABLE', 'Try again shortly.'));
    open();
    await userEvent.click(await screen.findByRole('button', { name: 'Delete: Deployment 1 failed' }));
    await screen.findByText('The notification was not deleted');
    expect(screen.getByText('Deployment 1 failed')).toBeInTheDocument();
  });

  it('says when it cannot be loaded', async () => {
    keep([]);
    server.on('GET /api/notifications', failure(503, 'SERVICE_UNAVAILABLE', 'Try again shortly.'));
    open();
    expect(await screen.findByRole('alert')).toHaveTextContent('SERVICE_UNAVAILABLE');
  });
});
