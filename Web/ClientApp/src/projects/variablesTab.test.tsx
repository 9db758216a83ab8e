import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { expectAccessible } from '../test/axe';
import { openProjects, serveProjects } from '../test/projectPages';

const shop = serveProjects();

describe('variables', () => {
  beforeEach(() => {
    shop.server.on('GET /api/projects/project-1/env', {
      body: { production: [{ name: 'API_KEY', value: null, secret: true }], preview: [{ name: 'MODE', value: 'test', secret: false }] },
    });
  });

  it('keep secrets that are not replaced, and take over a pasted file', async () => {
    const user = userEvent.setup();
    shop.server.on('PUT /api/projects/project-1/env', {
      body: { production: [{ name: 'API_KEY', value: null, secret: true }, { name: 'URL', value: null, secret: true }], preview: [] },
    });
    openProjects('/projects/project-1/environment');
    const form = await screen.findByRole('form', { name: 'Variables of production' });
    expect(within(form).getByLabelText('Value of API_KEY')).toHaveValue('');
    expect(within(form).getByLabelText('Name of API_KEY')).toHaveAttribute('readonly');
    await user.click(within(form).getByRole('button', { name: 'Add variable' }));
    await user.click(within(form).getByLabelText('Name of variable 2'));
    await user.paste('URL=https://example.com\n# comment\n');
    await expectAccessible();
    await user.click(within(form).getByRole('button', { name: 'Save production variables' }));
    await screen.findByText('The variables are saved');
    expect(shop.server.calls('PUT /api/projects/project-1/env')[0]?.body).toEqual({
      production: [
        { name: 'API_KEY', secret: true },
        { name: 'URL', value: 'https://example.com', secret: true },
      ],
    });
    // Stored now: not shown any more.
    expect(within(form).getByLabelText('Value of URL')).toHaveValue('');
  });

  it('of one environment do not disturb what is typed for the other', async () => {
    shop.server.on('PUT /api/projects/project-1/env', { body: { production: [], preview: [{ name: 'MODE', value: 'test', secret: false }] } });
    openProjects('/projects/project-1/environment');
    const preview = await screen.findByRole('form', { name: 'Variables of preview' });
    await userEvent.type(within(preview).getByLabelText('Value of MODE'), 'ing');
    const production = screen.getByRole('form', { name: 'Variables of production' });
    await userEvent.click(within(production).getByRole('button', { name: 'Remove API_KEY' }));
    await userEvent.click(within(production).getByRole('button', { name: 'Save production variables' }));
    await within(production).findByText('No variables.');
    await waitFor(() => expect(shop.server.calls('PUT /api/projects/project-1/env')).toHaveLength(1));
    expect(within(preview).getByLabelText('Value of MODE')).toHaveValue('testing');
  });

  it('are not sent with names that cannot be', async () => {
    openProjects('/projects/project-1/environment');
    const form = await screen.findByRole('form', { name: 'Variables of preview' });
    await userEvent.click(within(form).getByRole('button', { name: 'Add variable' }));
    await userEvent.type(within(form).getByLabelText('Name of variable 2'), '9-lives');
    await userEvent.click(within(form).getByRole('button', { name: 'Save preview variables' }));
    expect(within(form).getByLabelText('Name of 9-lives')).toHaveAccessibleDescription(/no digit first/);
    expect(shop.server.calls('PUT /api/projects/project-1/env')).toHaveLength(0);
  });
});
