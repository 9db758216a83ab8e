import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { failure } from '../test/apiServer';
import { expectAccessible } from '../test/axe';
import { button, openProjects, serveProjects } from '../test/projectPages';
import { domain } from '../test/projects';

const shop = serveProjects();

describe('domains', () => {
  it('are added, with the record to set', async () => {
    let list = [] as ReturnType<typeof domain>[];
    shop.server.on('GET /api/projects/project-1/domains', () => ({ body: { domains: list } }));
    shop.server.on('POST /api/projects/project-1/domains', () => {
      list = [domain()];
      return { status: 201, body: list[0] };
    });
    openProjects('/projects/project-1/domains');
    await screen.findByText('No domains of your own');
    await userEvent.click(button('Add domain'));
    expect(screen.getByLabelText('Domain')).toHaveAccessibleDescription(/Enter a domain/);
    await userEvent.type(screen.getByLabelText('Domain'), 'www.example.com');
    await userEvent.click(button('Add domain'));
    expect(await screen.findByText('autostack-verify=abc')).toBeInTheDocument();
    expect(screen.getByText('storefront.apps.example')).toBeInTheDocument();
    await expectAccessible();
  });

  it('say what is missing until they are verified, and become primary', async () => {
    let shown = domain();
    shop.server.on('GET /api/projects/project-1/domains', () => ({ body: { domains: [shown] } }));
    shop.server.on('POST /api/projects/project-1/domains/dom-1/verify', () => {
      shown = domain({ status: 'pending', problem: 'There is no TXT record of this name.', checkedAt: '2026-01-01T00:00:00Z' });
      return { body: shown };
    });
    openProjects('/projects/project-1/domains');
    await userEvent.click(await screen.findByRole('button', { name: 'Verify www.example.com' }));
    await screen.findByText(/There is no TXT record/);
    shop.server.on('POST /api/projects/project-1/domains/dom-1/verify', () => {
      shown = domain({ status: 'verified' });
      return { body: shown };
    });
    await userEvent.click(button('Verify www.example.com'));
    await screen.findByText('Verified');
    shop.server.on('POST /api/projects/project-1/domains/dom-1/primary', () => {
      shown = domain({ status: 'verified', primary: true });
      return { status: 204 };
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Make www.example.com primary' }));
    await screen.findByText('Primary');
  });

  it('that are there already say so at the field', async () => {
    shop.server.on('GET /api/projects/project-1/domains', { body: { domains: [] } });
    shop.server.on('POST /api/projects/project-1/domains', failure(409, 'DOMAIN_EXISTS', 'The project has this domain already.'));
    openProjects('/projects/project-1/domains');
    await userEvent.type(await screen.findByLabelText('Domain'), 'www.example.com');
    await userEvent.click(button('Add domain'));
    await waitFor(() => expect(screen.getByLabelText('Domain')).toHaveAccessibleDescription('The project has this domain already.'));
  });
});
