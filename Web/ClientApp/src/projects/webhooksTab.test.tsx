import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { expectAccessible } from '../test/axe';
import { button, openProjects, serveProjects } from '../test/projectPages';

const shop = serveProjects();

describe('webhooks', () => {
  const webhook = {
    id: 'hook-1',
    url: 'https://example.com/hook',
    events: ['deployment.failed'],
    allProjects: true,
    enabled: true,
    failingSince: null,
    disabledAt: null,
    createdAt: '2026-01-01T00:00:00Z',
    updatedAt: '2026-01-01T00:00:00Z',
  };
  const delivery = {
    id: 'del-1',
    event: 'test',
    state: 'failed',
    attempts: 3,
    responseStatus: 500,
    durationMs: 12,
    error: 'The receiver answered 500.',
    payload: '{"event":"test"}',
    redeliveryOf: null,
    nextAttemptAt: null,
    completedAt: '2026-01-01T00:00:00Z',
    timestamp: '2026-01-01T00:00:00Z',
  };

  it('show their secret once', async () => {
    let list = [] as (typeof webhook)[];
    shop.server.on('GET /api/projects/project-1/webhooks', () => ({ body: { webhooks: list } }));
    shop.server.on('POST /api/projects/project-1/webhooks', () => {
      list = [webhook];
      return { status: 201, body: { secret: 'whsec_once', webhook } };
    });
    openProjects('/projects/project-1/webhooks');
    await screen.findByText('No webhooks');
    await userEvent.type(screen.getByLabelText('Address', { selector: 'input' }), webhook.url);
    await userEvent.click(screen.getByRole('checkbox', { name: 'Succeeded' }));
    await userEvent.click(screen.getByRole('checkbox', { name: /All projects/ }));
    await userEvent.click(button('Add webhook'));
    await screen.findByText('whsec_once');
    expect(shop.server.calls('POST /api/projects/project-1/webhooks')[0]?.body).toEqual({ url: webhook.url, events: ['deployment.failed'], allProjects: true });
    await expectAccessible();
    await userEvent.click(button('Done'));
    expect(screen.queryByText('whsec_once')).toBeNull();
    expect(screen.getByText(/all projects of the owner/)).toBeInTheDocument();
  });

  it('are tested, and what was sent is sent again', async () => {
    shop.server.on('GET /api/projects/project-1/webhooks', { body: { webhooks: [webhook] } });
    shop.server.on('GET /api/projects/project-1/webhooks/hook-1/deliveries', { body: { deliveries: [delivery], nextCursor: null } });
    shop.server.on('POST /api/projects/project-1/webhooks/hook-1/test', { status: 202, body: delivery });
    shop.server.on('POST /api/projects/project-1/webhooks/hook-1/deliveries/del-1/redeliver', { status: 202, body: delivery });
    openProjects('/projects/project-1/webhooks');
    await userEvent.click(await screen.findByRole('button', { name: `Send a test: ${webhook.url}` }));
    await screen.findByText(/answer 500 · 12 ms · 3 attempts · The receiver answered 500/);
    await userEvent.click(button('Send again'));
    await waitFor(() => expect(shop.server.calls('POST /api/projects/project-1/webhooks/hook-1/deliveries/del-1/redeliver')).toHaveLength(1));
    await expectAccessible();
  });

  it('are switched off without losing their events', async () => {
    shop.server.on('GET /api/projects/project-1/webhooks', { body: { webhooks: [webhook] } });
    shop.server.on('PUT /api/projects/project-1/webhooks/hook-1', { body: { ...webhook, enabled: false } });
    openProjects('/projects/project-1/webhooks');
    await userEvent.click(await screen.findByRole('button', { name: `Switch off: ${webhook.url}` }));
    await waitFor(() =>
      expect(shop.server.calls('PUT /api/projects/project-1/webhooks/hook-1')[0]?.body).toEqual({ url: webhook.url, events: ['deployment.failed'], enabled: false }),
    );
  });
});
