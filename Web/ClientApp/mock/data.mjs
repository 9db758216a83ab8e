import { randomUUID } from 'node:crypto';

export const samples = [
  { name: 'static-site', title: 'Plain HTML site', description: 'Three pages and a stylesheet, nothing to build.' },
  { name: 'vite-react', title: 'Vite + React', description: 'A small single-page app with npm, Vite and React.' },
  { name: 'failing-build', title: 'A build that fails', description: 'Shows what you see when something goes wrong.' },
];

export const languages = [
  { id: 'python', name: 'Python', version: '3.11', ready: true, example: 'name = input() if False else "world"\nprint(f"Hello, {name}!")\n' },
  { id: 'javascript', name: 'JavaScript', version: 'Node 20', ready: true, example: 'console.log("Hello, world!");\n' },
  { id: 'rust', name: 'Rust', version: '1.95', ready: false, example: 'fn main() {\n    println!("Hello, world!");\n}\n' },
];

export const script = [
  ['info', 'Checking out main of sample:vite-react'],
  ['info', 'Checked out \u001b[33m4f1c9ab\u001b[0m "Add the price list"'],
  ['info', 'Detected \u001b[1mVite\u001b[0m, npm, Node 20'],
  ['info', '\u001b[1m$ npm ci\u001b[0m'],
  ['info', 'progress 10%\rprogress 60%\rprogress done'],
  ['warn', 'npm warn deprecated inflight@1.0.6: This module is not supported, and leaks memory.'],
  ['info', 'added 184 packages in 5s'],
  ['info', '\u001b[1m$ npm run build\u001b[0m'],
  ['info', '\u001b[36mvite v8.3.8 \u001b[32mbuilding for production...\u001b[39m'],
  ['info', '\u001b[32m✓\u001b[39m 312 modules transformed.'],
  ['info', '\u001b[2mdist/\u001b[22m\u001b[32mindex.html  \u001b[39m\u001b[1m\u001b[2m 0.46 kB\u001b[22m'],
  ['info', '\u001b[38;2;20;20;60mdark blue truecolour\u001b[0m \u001b[38;5;226myellow 226\u001b[0m \u001b[41mred ground\u001b[0m \u001b[7minverse\u001b[0m'],
  ['info', '\u001b]8;;https://evil.example\u0007link text\u001b]8;;\u0007 <img src=x onerror=alert(1)>'],
  ['info', 'DATABASE_URL=••••••••'],
  ['info', 'Published 14 files (212 kB)'],
];

export const failure = [
  ['error', '\u001b[31msrc/App.tsx(12,7): error TS2322: Type \u001b[1mstring\u001b[22m is not assignable to type \u001b[1mnumber\u001b[22m.\u001b[0m'],
  ['error', 'npm run build ended with exit code 2'],
];

const people = ['Ada Lovelace', 'Grace Hopper', 'Edsger Dijkstra'];
const statuses = ['success', 'success', 'failed', 'success', 'cancelled', 'success'];

export function seedDeployments(count) {
  const now = Date.now();
  return Array.from({ length: count }, (_, index) => {
    const status = statuses[index % statuses.length];
    const repo = ['acme/storefront', 'acme/docs-with-a-rather-long-repository-name', 'sample:vite-react', 'ada/notes'][index % 4];
    return makeDeployment({
      repo,
      status,
      author: people[index % people.length],
      at: now - (index + 1) * 47 * 60_000,
      lines: status === 'failed' ? [...script.slice(0, 9), ...failure] : script,
    });
  });
}

export function makeDeployment({ repo, status, author, at, lines, branch = 'main' }) {
  const id = randomUUID();
  const slug = repo.replace(/^sample:/, '').split('/').pop();
  return {
    id,
    projectId: randomUUID(),
    project: slug,
    repo,
    branch,
    status,
    author,
    commit: '4f1c9ab27d51f8c1f4b1f6f2ad0f0b1f0b9f3c11',
    commitMessage: 'Add the price list\n\nWith tests.',
    startedAt: at,
    log: lines.map(([level, message], index) => line(index + 1, level, message, at + index * 700)),
  };
}

export function line(seq, level, message, at) {
  return { seq, timestamp: new Date(at).toISOString(), level, message };
}

export function toItem(deployment) {
  const running = ['queued', 'building', 'deploying'].includes(deployment.status);
  return {
    id: deployment.id,
    repo: deployment.repo,
    branch: deployment.branch,
    status: deployment.status,
    author: deployment.author,
    commit: deployment.commit.slice(0, 7),
    duration: running ? null : '1m 12s',
    timestamp: new Date(deployment.startedAt).toISOString(),
    url: deployment.status === 'success' ? `http://${deployment.project}.apps.localhost:8080` : null,
  };
}

export function toDetail(deployment) {
  const failed = deployment.status === 'failed';
  return {
    ...toItem(deployment),
    projectId: deployment.projectId,
    project: deployment.project,
    commitMessage: deployment.commitMessage,
    immutableUrl: deployment.status === 'success' ? `http://${deployment.id.slice(0, 8)}--${deployment.project}.apps.localhost:8080` : null,
    branchUrl: null,
    error: failed ? { code: 'BUILD_FAILED', message: 'The build command "npm run build" ended with exit code 2.' } : null,
    stages: stagesOf(deployment),
    logs: deployment.log.slice(-200).map((each) => each.message),
    logsTotal: deployment.log.length,
    lastSeq: deployment.log.length,
  };
}

function stagesOf({ status, startedAt }) {
  const order = ['queued', 'building', 'deploying', 'success'];
  const reached = { queued: 0, building: 1, failed: 1, cancelled: 1, deploying: 2, success: 4 }[status];
  return order.map((name, index) => {
    const done = index < reached;
    const here = index === reached;
    const state = done ? 'completed' : here ? (status === 'failed' || status === 'cancelled' ? 'failed' : 'in_progress') : 'pending';
    const began = startedAt + [0, 2_000, 64_000, 72_000][index];
    const ended = startedAt + [2_000, 64_000, 72_000, 72_000][index];
    return {
      name: name[0].toUpperCase() + name.slice(1),
      status: state,
      timestamp: done || here ? new Date(began).toISOString() : null,
      completedAt: done || state === 'failed' ? new Date(ended).toISOString() : null,
      error: state === 'failed' ? 'npm run build ended with exit code 2' : null,
    };
  });
}
