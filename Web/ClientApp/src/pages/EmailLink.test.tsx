import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Route, Routes } from 'react-router';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ApiServer, failure, session } from '../test/apiServer';
import { expectAccessible } from '../test/axe';
import { renderAt } from '../test/renderApp';
import { ConfirmEmail, UndoEmail } from './EmailLink';

let server: ApiServer;

beforeEach(async () => {
  server = await ApiServer.start();
  server.on('GET /api/auth/session', { body: session });
});

afterEach(() => server.stop());

const open = (path: string) =>
  renderAt(
    path,
    <Routes>
      <Route path="/confirm-email" element={<ConfirmEmail />} />
      <Route path="/undo-email" element={<UndoEmail />} />
    </Routes>,
  );

it('moves the account only when somebody presses the button', async () => {
  const user = userEvent.setup();
  server.on('POST /api/user/email/confirm', { body: { email: 'new@example.com' } });
  open('/confirm-email#token=c-1');
  await expectAccessible();
  expect(server.calls('POST /api/user/email/confirm')).toHaveLength(0);
  await user.click(screen.getByRole('button', { name: 'Confirm the address' }));
  await screen.findByText(/new@example.com/);
  expect(server.calls('POST /api/user/email/confirm').map(({ body }) => body)).toEqual([{ token: 'c-1' }]);
});

it('gets a CSRF token first where somebody is signed in', async () => {
  const user = userEvent.setup();
  server.on('POST /api/user/email/confirm', ({ headers }) =>
    headers['x-csrf-token'] === 'csrf-1' ? { body: { email: 'new@example.com' } } : failure(403, 'CSRF_TOKEN_INVALID', 'x'),
  );
  open('/confirm-email#token=c-1');
  await user.click(screen.getByRole('button', { name: 'Confirm the address' }));
  await screen.findByText(/new@example.com/);
});

it('says when a link is over, and when it is only half of one', async () => {
  const user = userEvent.setup();
  server.on('POST /api/user/email/undo', failure(401, 'INVALID_EMAIL_TOKEN', 'The link or the code is not valid, or not any more.'));
  const { unmount } = open('/undo-email#token=u-1');
  await user.click(screen.getByRole('button', { name: 'Take it back' }));
  await screen.findByText('Nothing was taken back');
  expect(server.calls('POST /api/user/email/undo')).toHaveLength(1);
  unmount();
  open('/undo-email');
  expect(screen.getByRole('alert')).toHaveTextContent('not complete');
});

it('takes the change back and leaves nobody signed in', async () => {
  const user = userEvent.setup();
  localStorage.setItem('autostack.signed-in', '1');
  server.on('POST /api/user/email/undo', { body: { email: 'ada@example.com' } });
  open('/undo-email#token=u-1');
  await user.click(screen.getByRole('button', { name: 'Take it back' }));
  await screen.findByText(/ada@example.com again/);
  expect(screen.getByRole('link', { name: 'Set a new password' })).toHaveAttribute('href', '/forgot-password');
  await waitFor(() => expect(localStorage.getItem('autostack.signed-in')).toBeNull());
});
