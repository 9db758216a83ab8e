import { expect, it } from 'vitest';
import { newRow, requestOf, rowProblems, rowsOf, withPasted } from './variableRows';

const stored = [
  { name: 'API_KEY', value: null, secret: true },
  { name: 'MODE', value: 'live', secret: false },
];

it('sends stored secrets without a value, so that they stay', () => {
  expect(requestOf(rowsOf(stored))).toEqual([
    { name: 'API_KEY', secret: true },
    { name: 'MODE', value: 'live', secret: false },
  ]);
});

it('takes over a .env file: known names get new values, others are added as secrets', () => {
  const { rows, problems } = withPasted([...rowsOf(stored), newRow()], 'API_KEY=new\n# why\nCERT="one\ntwo"\nMODE=test');
  expect(problems).toEqual([]);
  expect(requestOf(rows)).toEqual([
    { name: 'API_KEY', value: 'new', secret: true },
    { name: 'MODE', value: 'test', secret: false },
    { name: 'CERT', value: 'one\ntwo', secret: true },
  ]);
});

it('names lines that are none', () => {
  expect(withPasted([], 'A=1\nnonsense').problems).toEqual(['Line 2 is not NAME=value.']);
});

it('finds empty, impossible and doubled names', () => {
  const rows = [newRow({ name: 'A' }), newRow({ name: '1A' }), newRow({ name: 'A' }), newRow()];
  expect(rows.map(({ key }) => rowProblems(rows).get(key))).toEqual([
    undefined,
    'Letters, digits and underscores only, no digit first.',
    'This name is there already.',
    'Enter a name.',
  ]);
});

it('does not count the lines of a quoted value twice, nor wait for a quote that never comes', () => {
  expect(requestOf(withPasted([], "A='x y'\nB=\"open\nC=3").rows).map(({ name, value }) => [name, value])).toEqual([
    ['A', 'x y'],
    ['B', '"open'],
    ['C', '3'],
  ]);
});
