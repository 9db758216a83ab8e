import type { Variable, VariableRequest } from '../api/types';
import { parseVariables } from '../deploy/parseVariables';

/** A variable as it is edited. */
export interface VariableRow {
  key: number;
  name: string;
  value: string;
  secret: boolean;
  /** A secret that is stored and not replaced: its value is not known here. */
  kept: boolean;
}

let lastKey = 0;

export function newRow(part: Partial<Omit<VariableRow, 'key'>> = {}): VariableRow {
  lastKey += 1;
  return { key: lastKey, name: '', value: '', secret: true, kept: false, ...part };
}

export function rowsOf(variables: Variable[]): VariableRow[] {
  return variables.map(({ name, value, secret }) => newRow({ name, value: value ?? '', secret, kept: secret }));
}

/** Takes over the lines of a .env file: known names get the new values, others are added. */
export function withPasted(rows: VariableRow[], text: string): { rows: VariableRow[]; problems: string[] } {
  const { variables, problems } = parseVariables(text);
  const left = new Map(Object.entries(variables));
  const replaced = rows
    .filter(({ name, value, kept }) => name !== '' || value !== '' || kept)
    .map((row) => {
      const value = left.get(row.name);
      if (value === undefined) return row;
      left.delete(row.name);
      return { ...row, value, kept: false };
    });
  return { rows: [...replaced, ...Array.from(left, ([name, value]) => newRow({ name, value }))], problems };
}

/** What is wrong, by row. */
export function rowProblems(rows: VariableRow[]): Map<number, string> {
  const problems = new Map<number, string>();
  const seen = new Set<string>();
  for (const { key, name } of rows) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) problems.set(key, name === '' ? 'Enter a name.' : 'Letters, digits and underscores only, no digit first.');
    else if (seen.has(name)) problems.set(key, 'This name is there already.');
    seen.add(name);
  }
  return problems;
}

export function requestOf(rows: VariableRow[]): VariableRequest[] {
  return rows.map(({ name, value, secret, kept }) => (kept ? { name, secret: true } : { name, value, secret }));
}
