import { describe, expect, it } from 'vitest';
import { buildProblems, initialForm, requestOf, sourceProblems } from './deployForm';
import { parseVariables } from './parseVariables';

const form = (part = {}) => ({ ...initialForm(new URLSearchParams()), ...part });

describe('variables', () => {
  it('reads names and values as a .env file has them', () => {
    const text = '# comment\n\nNODE_ENV=production\r\nexport URL = https://a.example/?q=1=2\nQUOTED="two words"\nEMPTY=\n';
    expect(parseVariables(text)).toEqual({
      variables: { NODE_ENV: 'production', URL: 'https://a.example/?q=1=2', QUOTED: 'two words', EMPTY: '' },
      problems: [],
    });
  });

  it('names the line that is none', () => {
    expect(parseVariables('A=1\nnonsense\n2B=3').problems).toEqual([
      'Line 2 is not NAME=value.',
      'Line 3 is not NAME=value.',
    ]);
  });
});

describe('source', () => {
  it('starts from what the address asks for', () => {
    expect(initialForm(new URLSearchParams('repository=sample:vite-react'))).toMatchObject({ source: 'sample', sample: 'vite-react' });
    const git = 'https://example.com/a/b.git';
    expect(initialForm(new URLSearchParams({ repository: git }))).toMatchObject({ source: 'git', gitUrl: git });
  });

  it.each(['', 'example.com/a', 'http://example.com/a', 'git@example.com:a/b.git', 'file:///srv/a', 'https://'])(
    'refuses %j as an address',
    (gitUrl) => expect(sourceProblems(form({ source: 'git', gitUrl }))).toHaveProperty('repository'),
  );

  it('refuses credentials in the address', () => {
    const problems = sourceProblems(form({ source: 'git', gitUrl: 'https://me:secret@example.com/a' }));
    expect(problems.repository?.[0]).toMatch(/Leave user name and password out/);
  });

  it('accepts an https address and a chosen sample', () => {
    expect(sourceProblems(form({ source: 'git', gitUrl: ' https://example.com/a/b ' }))).toEqual({});
    expect(sourceProblems(form({ sample: 'static-site' }))).toEqual({});
  });
});

it('asks for a branch', () => {
  expect(buildProblems(form({ branch: ' ' }))).toHaveProperty('branch');
});

it('sends only what was filled in', () => {
  const request = requestOf(form({ sample: 'static-site', buildCommand: ' npm run build ', envVars: 'A=1' }));
  expect(JSON.parse(JSON.stringify(request))).toEqual({
    repository: 'sample:static-site',
    branch: 'main',
    buildCommand: 'npm run build',
    envVars: { A: '1' },
  });
});
