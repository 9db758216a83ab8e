// Walks through the built client against the mock, in both themes and three widths: takes a picture of every page,
// and fails on an accessibility violation, a console error or sideways scrolling. CHROMIUM names the browser.
import { spawn } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.resolve(process.argv[2] ?? path.join(here, '../dist/screens'));
const port = process.env.PORT ?? '8090';
const base = `http://localhost:${port}`;
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const problems = [];

await mkdir(out, { recursive: true });
const mock = spawn(process.execPath, [path.join(here, 'server.mjs')], { env: { ...process.env, PORT: port } });
await new Promise((resolve, reject) => {
  mock.stdout.once('data', resolve);
  mock.once('exit', () => reject(new Error('The mock did not start.')));
});
mock.stderr.pipe(process.stderr);
let browser;
try {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  for (const theme of ['light', 'dark']) {
    for (const width of [1280, 768, 320]) await walk(browser, theme, width);
  }
} finally {
  await browser?.close();
  mock.kill();
}
console.log(problems.length === 0 ? `No problems. Pictures: ${out}` : problems.join('\n'));
process.exitCode = problems.length === 0 ? 0 : 1;

async function walk(browser, theme, width) {
  const context = await browser.newContext({
    viewport: { width, height: width === 320 ? 640 : 800 },
    colorScheme: theme,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  let where = 'start';
  page.on('console', (message) => {
    // The browser itself reports every refused request; the pages under test provoke some.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
      problems.push(`${theme} ${width} ${where}: console: ${message.text()}`);
    }
  });
  page.on('pageerror', (error) => problems.push(`${theme} ${width} ${where}: ${error.message}`));

  const shot = async (name) => {
    where = name;
    await page.screenshot({ path: path.join(out, `${name}-${theme}-${width}.png`), fullPage: name === 'landing' });
    await check(page, `${theme} ${width} ${name}`);
  };

  await page.goto(base);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await shot('landing');
  await page.goto(`${base}/login`);
  await page.getByLabel('Email').fill('nobody@example.com');
  await page.getByLabel('Password').fill('wrong password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').waitFor();
  await shot('login-refused');
  await page.goto(`${base}/signup?next=%2Fdashboard`);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByText('Enter your name.').waitFor();
  await shot('signup-invalid');
  await page.getByLabel('Full name').fill('Ada Lovelace');
  await page.getByLabel('Email').fill(`ada-${theme}-${width}@example.com`);
  await page.getByLabel('Password').fill('correct horse');
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('heading', { name: 'Dashboard' }).waitFor();
  await page.getByRole('link', { name: /^View logs/ }).first().waitFor();
  await shot('dashboard');
  await page.getByRole('button', { name: 'Account menu' }).click();
  await shot('menu');
  await page.goto(`${base}/deployments`);
  await page.getByRole('link', { name: /^View logs/ }).first().waitFor();
  await shot('deployments');
  await page.getByLabel('Search by repository').fill('nothing like it');
  await page.getByText('No deployment matches').waitFor();
  await shot('deployments-none');
  await deploy(page, 'Vite + React', shot);
  await page.getByRole('link', { name: /Visit site/ }).waitFor({ timeout: 20_000 });
  await shot('deployment-success');
  await deploy(page, 'A build that fails', null);
  await page.getByRole('heading', { name: 'Why it failed' }).waitFor({ timeout: 20_000 });
  await page.getByRole('button', { name: 'First error' }).click();
  await shot('deployment-failed');
  await page.goto(`${base}/deployments/unknown`);
  await page.getByRole('alert').waitFor();
  await shot('deployment-unknown');
  await runs(page, shot);
  await page.goto(`${base}/nowhere`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await shot('not-found');
  await context.close();
}

async function deploy(page, sample, shot) {
  await page.goto(`${base}/deploy`);
  await page.getByRole('radio', { name: sample }).check();
  await shot?.('deploy-source');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('Environment variables').fill('NODE_ENV=production');
  await shot?.('deploy-build');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('heading', { name: 'Ready to deploy' }).waitFor();
  await shot?.('deploy-review');
  await page.getByRole('button', { name: 'Deploy', exact: true }).click();
  await page.getByRole('log').getByText('transforming module 12', { exact: true }).waitFor();
  await shot?.('deployment-live');
}

async function runs(page, shot) {
  await page.goto(`${base}/run`);
  await page.getByLabel('Code').waitFor();
  await shot('run');
  for (const [name, code, done] of [
    ['run-error', 'print("Hello")\nraise ValueError("no")', 'Runtime error'],
    ['run-quota', '# quota', 'That was the last run for now'],
  ]) {
    await page.getByLabel('Code').fill(code);
    await page.keyboard.press('Control+Enter');
    await page.getByText(done).last().waitFor();
    await shot(name);
  }
  await page.getByLabel('Code').fill('print(input())');
  await page.keyboard.press('Control+Enter');
  await page.getByText('Hello, world!').waitFor();
  await shot('run-live');
}

async function check(page, where) {
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, { resultTypes: ['violations'] });
    return violations.map((rule) => `${rule.id}: ${rule.nodes.slice(0, 3).map((node) => `${node.target.join(' ')} ${node.failureSummary?.split('\n')[1] ?? ''}`).join(' | ')}`);
  });
  problems.push(...found.map((text) => `${where}: axe ${text}`));
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (sideways > 0) problems.push(`${where}: scrolls sideways by ${sideways}px`);
}
