import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { RunExit, RunFrame } from '../api/types';
import { ApiServer, failure } from '../test/apiServer';
import { expectAccessible } from '../test/axe';
import { RunServer, type PlayedRun } from '../test/runServer';
import { renderAt } from '../test/renderApp';
import RunPage from './RunPage';

let server: ApiServer;
let runs: RunServer;
let script: RunFrame[] | ((run: PlayedRun) => void) = [];

const exit = (part: Partial<RunExit> = {}): RunExit => ({
  type: 'exit',
  status: 'ok',
  exitCode: 0,
  signal: null,
  timeMs: 14,
  cpuTimeMs: 9,
  memoryKb: 8_420,
  truncated: { stdout: false, stderr: false },
  message: null,
  compile: null,
  ...part,
});

const stage = (name: 'queued' | 'compiling' | 'running'): RunFrame => ({ type: 'stage', stage: name, session: 'page' });
const stdout = (data: string): RunFrame => ({ type: 'stdout', data, encoding: 'utf8' });
const stderr = (data: string): RunFrame => ({ type: 'stderr', data, encoding: 'utf8' });
const hello = [stage('queued'), stage('running'), stdout('Hello\n'), exit()];

beforeEach(async () => {
  server = await ApiServer.start();
  runs = new RunServer(server, () => script);
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

const output = () => screen.getByRole('region', { name: 'Output' });

const run = async () => userEvent.click(await screen.findByRole('button', { name: /^Run/ }));

it('runs the example of the first ready language by Ctrl Enter', async () => {
  script = hello;
  renderAt('/run', <RunPage />);
  await userEvent.click(await screen.findByLabelText('Code'));
  await userEvent.keyboard('{Control>}{Enter}{/Control}');
  await within(output()).findByText('Finished', { selector: '[data-verdict]' });
  expect(runs.last.received).toEqual([{ type: 'start', language: 'python', code: 'print("Hello")' }]);
  expect(screen.getByRole('region', { name: 'Standard output' })).toHaveTextContent('Hello');
  expect(output()).toHaveTextContent('Exit code0Time14 msCPU9 msMemory8.2 MB');
});

it('shows output and takes input while the program runs', async () => {
  script = [stage('queued'), stage('running'), stdout('Name? ')];
  renderAt('/run', <RunPage />);
  await run();
  expect(await screen.findByRole('region', { name: 'Standard output' })).toHaveTextContent('Name?');
  expect(output()).toHaveTextContent('Running…');
  await userEvent.type(screen.getByLabelText('Type to the program'), 'Ada{Enter}');
  await userEvent.click(screen.getByRole('button', { name: 'End input' }));
  await expect.poll(() => runs.last.received.slice(1)).toEqual([{ type: 'stdin', data: 'Ada\n' }, { type: 'stdin_close' }]);
  expect(screen.queryByLabelText('Type to the program')).toBeNull();
  await expectAccessible();
  runs.last.send(stdout('Hello Ada'), stderr('oh'), exit({ status: 'runtime_error', exitCode: 1 }));
  await within(output()).findByText('Runtime error', { selector: '[data-verdict]' });
  expect(screen.getByRole('region', { name: 'Standard output' })).toHaveTextContent('Name? Hello Ada');
  expect(screen.getByRole('region', { name: 'Standard error' })).toHaveTextContent('oh');
  expect(runs.runs).toHaveLength(1);
});

it('ends the input that was given beforehand', async () => {
  script = hello;
  renderAt('/run', <RunPage />);
  await userEvent.type(await screen.findByLabelText(/Standard input/), 'Ada');
  await run();
  await within(output()).findByText('Finished', { selector: '[data-verdict]' });
  expect(runs.last.received).toEqual([{ type: 'start', language: 'python', code: 'print("Hello")', stdin: 'Ada' }, { type: 'stdin_close' }]);
});

it('tells what is waited for, and what the compiler said', async () => {
  script = [stage('queued'), { type: 'progress', message: 'Building the image: step 2' }];
  renderAt('/run', <RunPage />);
  await run();
  await within(output()).findByText('Building the image: step 2');
  runs.last.send(stage('compiling'), stderr('main.c:1: error'), exit({ status: 'compile_error', exitCode: 1, compile: { exitCode: 1, signal: null, timeMs: 40 } }));
  await within(output()).findByText('Compile error', { selector: '[data-verdict]' });
  expect(screen.getByRole('region', { name: 'Compiler' })).toHaveTextContent('main.c:1: error');
  expect(screen.queryByRole('region', { name: 'Standard error' })).toBeNull();
});

it('shows what came last of much output, and its beginning at the end', async () => {
  script = [stage('running'), stdout(`first\n${'x'.repeat(40_000)}\nlatest`)];
  renderAt('/run', <RunPage />);
  await run();
  const printed = await screen.findByRole('region', { name: 'Standard output' });
  await expect.poll(() => printed.textContent).toBe('…\nlatest');
  runs.last.send(stdout('y'.repeat(1_048_576)), exit());
  await within(output()).findByText('Finished', { selector: '[data-verdict]' });
  expect(screen.getByRole('region', { name: 'Standard output' }).textContent).toMatch(/^first\nx+\nlatesty+$/);
  expect(output()).toHaveTextContent('The rest was cut off');
});

it('stops the program and keeps what it has printed', async () => {
  script = [stage('running'), stdout('so far')];
  renderAt('/run', <RunPage />);
  await run();
  await screen.findByText('so far');
  await userEvent.click(screen.getByRole('button', { name: 'Stop' }));
  await expect.poll(() => runs.last.received.at(-1)).toEqual({ type: 'cancel' });
  runs.last.send(exit({ status: 'cancelled', exitCode: null }));
  await within(output()).findByText('Cancelled', { selector: '[data-verdict]' });
  expect(screen.getByRole('region', { name: 'Standard output' })).toHaveTextContent('so far');
});

it('says that a lost connection ended the program, and does not start it again', async () => {
  script = (played) => {
    played.send(stage('running'), stdout('half'));
    played.socket.close(1011);
  };
  renderAt('/run', <RunPage />);
  await run();
  expect(await screen.findByRole('alert')).toHaveTextContent('The connection was lost');
  expect(screen.getByRole('region', { name: 'Standard output' })).toHaveTextContent('half');
  expect(runs.runs).toHaveLength(1);
});

it('shows bytes that are no text as such', async () => {
  script = [stage('running'), { type: 'stdout', data: '//79', encoding: 'base64' }, exit()];
  renderAt('/run', <RunPage />);
  await run();
  await within(output()).findByText(/Some of the output is no text/);
});

it('offers to sign in when the runs without an account are used up', async () => {
  server.onSocket(null);
  server.on('GET /api/execute/stream/page', { ...failure(429, 'RATE_LIMIT_EXCEEDED', 'No more runs.'), headers: { 'Retry-After': '120' } });
  renderAt('/run', <RunPage />);
  await run();
  const alert = await screen.findByRole('alert');
  expect(alert).toHaveTextContent('Try again in 2 minutes.');
  expect(within(alert).getByRole('link', { name: 'Sign in for more runs' })).toHaveAttribute('href', '/login?next=%2Frun');
});

it('says so when no socket can be opened', async () => {
  server.onSocket(null);
  server.on('GET /api/execute/stream/page', failure(426, 'UPGRADE_REQUIRED', 'Upgrade.'));
  renderAt('/run', <RunPage />);
  await run();
  expect(await screen.findByRole('alert')).toHaveTextContent('No live connection');
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
