import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { RunResult } from '../api/types';
import { ApiServer, failure } from '../test/apiServer';
import { renderAt } from '../test/renderApp';
import RunPage from './RunPage';

let server: ApiServer;

const result = (part: Partial<RunResult> = {}): RunResult => ({
  id: 'run-1',
  status: 'ok',
  stdout: 'Hello\n',
  stdoutEncoding: 'utf8',
  stderr: '',
  stderrEncoding: 'utf8',
  exitCode: 0,
  signal: null,
  timeMs: 14,
  cpuTimeMs: 9,
  memoryKb: 8_420,
  truncated: { stdout: false, stderr: false },
  message: null,
  compile: null,
  tests: null,
  score: null,
  ...part,
});

beforeEach(async () => {
  server = await ApiServer.start();
  server.on('GET /api/auth/session', failure(401, 'UNAUTHORIZED', 'Nobody.'));
  server.on('GET /api/execute/languages', {
    body: {
      languages: [
        { id: 'rust', name: 'Rust', version: '1.95', example: 'fn main() {}', ready: false },
        { id: 'python', name: 'Python', version: '3.11', example: 'print("Hello")', ready: true },
      ],
    },
  });
});

afterEach(() => server.stop());

const sent = () => server.calls('POST /api/execute/execute').map((call) => call.body);
const output = () => screen.getByRole('region', { name: 'Output' });

it('runs the example of the first ready language by Ctrl Enter', async () => {
  server.on('POST /api/execute/execute', { body: result() });
  renderAt('/run', <RunPage />);
  await userEvent.click(await screen.findByLabelText('Code'));
  await userEvent.keyboard('{Control>}{Enter}{/Control}');
  await within(output()).findByText('Finished', { selector: '[data-verdict]' });
  expect(sent()).toEqual([{ language: 'python', code: 'print("Hello")' }]);
  expect(screen.getByRole('region', { name: 'Standard output' })).toHaveTextContent('Hello');
  expect(output()).toHaveTextContent('Exit code0Time14 msCPU9 msMemory8.2 MB');
  expect(screen.queryByRole('heading', { name: 'Standard error' })).toBeNull();
});

it('sends standard input and tells standard error from output', async () => {
  server.on('POST /api/execute/execute', {
    body: result({ status: 'runtime_error', exitCode: 1, stdout: '', stderr: 'ValueError: no' }),
  });
  renderAt('/run', <RunPage />);
  await userEvent.type(await screen.findByLabelText(/Standard input/), 'Ada');
  await userEvent.click(screen.getByRole('button', { name: /Run/ }));
  expect(await screen.findByRole('region', { name: 'Standard error' })).toHaveTextContent('ValueError: no');
  expect(output()).toHaveTextContent('Runtime error');
  expect(output()).toHaveTextContent('Nothing was printed.');
  expect(sent()).toEqual([{ language: 'python', code: 'print("Hello")', stdin: 'Ada' }]);
});

it('shows a verdict with its reason, and where output was cut', async () => {
  server.on('POST /api/execute/execute', {
    body: result({
      status: 'output_limit',
      exitCode: null,
      signal: 'SIGKILL',
      message: 'More than 64 kB were printed.',
      truncated: { stdout: true, stderr: false },
    }),
  });
  renderAt('/run', <RunPage />);
  await userEvent.click(await screen.findByRole('button', { name: /Run/ }));
  await within(output()).findByText('More than 64 kB were printed.');
  expect(output()).toHaveTextContent('SignalSIGKILL');
  expect(output()).toHaveTextContent('The rest was cut off');
  expect(output()).not.toHaveTextContent('Exit code');
});

it('shows what the compiler said, and only that where it refused the program', async () => {
  const compile = { output: 'main.c:1: warning: unused', encoding: 'utf8', truncated: false, exitCode: 0, signal: null, timeMs: 40, cpuTimeMs: 30, memoryKb: 900 };
  server.on('POST /api/execute/execute', { body: result({ compile }) });
  renderAt('/run', <RunPage />);
  await userEvent.click(await screen.findByRole('button', { name: /Run/ }));
  expect(await screen.findByRole('region', { name: 'Compiler' })).toHaveTextContent('warning: unused');
  expect(screen.getByRole('region', { name: 'Standard output' })).toHaveTextContent('Hello');
  expect(output()).toHaveTextContent('Compiled in40 ms');
  server.on('POST /api/execute/execute', {
    body: result({ status: 'compile_error', stdout: '', stderr: 'main.c:1: error', compile: { ...compile, output: 'main.c:1: error', exitCode: 1 } }),
  });
  await userEvent.click(screen.getByRole('button', { name: /Run/ }));
  await waitFor(() => expect(output()).toHaveTextContent('Compile error'));
  expect(screen.getByRole('region', { name: 'Compiler' })).toHaveTextContent('main.c:1: error');
  expect(screen.queryByRole('region', { name: 'Standard error' })).toBeNull();
  expect(output()).not.toHaveTextContent('Nothing was printed.');
});

it('says that output is not text', async () => {
  server.on('POST /api/execute/execute', { body: result({ stdout: '//79', stdoutEncoding: 'base64' }) });
  renderAt('/run', <RunPage />);
  await userEvent.click(await screen.findByRole('button', { name: /Run/ }));
  expect(await screen.findByRole('region', { name: 'Standard output' })).toHaveTextContent('//79');
  expect(output()).toHaveTextContent('This is no text, so it is shown as Base64.');
});

it('offers to sign in when the runs without an account are used up', async () => {
  const limited = failure(429, 'RATE_LIMIT_EXCEEDED', 'No more runs.');
  server.on('POST /api/execute/execute', { ...limited, headers: { 'Retry-After': '120' } });
  renderAt('/run', <RunPage />);
  await userEvent.click(await screen.findByRole('button', { name: /Run/ }));
  const alert = await screen.findByRole('alert');
  expect(alert).toHaveTextContent('Try again in 2 minutes.');
  expect(within(alert).getByRole('link', { name: 'Sign in for more runs' })).toHaveAttribute('href', '/login?next=%2Frun');
});

it('stops waiting when told to', async () => {
  server.on('POST /api/execute/execute', () => new Promise(() => undefined));
  renderAt('/run', <RunPage />);
  await userEvent.click(await screen.findByRole('button', { name: /Run/ }));
  await userEvent.click(await screen.findByRole('button', { name: 'Stop' }));
  expect(await screen.findByText('Stopped')).toBeInTheDocument();
});

it('keeps what was typed per language, and can go back to the example', async () => {
  const { unmount } = renderAt('/run', <RunPage />);
  await userEvent.type(await screen.findByLabelText('Code'), '# mine');
  await userEvent.selectOptions(screen.getByLabelText('Language'), 'rust');
  expect(screen.getByLabelText('Code')).toHaveValue('fn main() {}');
  unmount();
  renderAt('/run', <RunPage />);
  await waitFor(() => expect(screen.getByLabelText('Language')).toHaveValue('rust'));
  await userEvent.selectOptions(screen.getByLabelText('Language'), 'python');
  expect(screen.getByLabelText('Code')).toHaveValue('print("Hello")# mine');
  await userEvent.click(screen.getByRole('button', { name: 'Reset to example' }));
  expect(screen.getByLabelText('Code')).toHaveValue('print("Hello")');
});

it('indents with Tab, and lets the keyboard out after Escape', async () => {
  renderAt('/run', <RunPage />);
  const code = await screen.findByLabelText('Code');
  await userEvent.click(code);
  await userEvent.keyboard('{Tab}');
  expect(code).toHaveFocus();
  expect(code).toHaveValue('print("Hello")    ');
  await userEvent.keyboard('{Escape}{Tab}');
  expect(code).not.toHaveFocus();
});
