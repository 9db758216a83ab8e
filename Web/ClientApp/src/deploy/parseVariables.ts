interface Parsed {
  variables: Record<string, string>;
  problems: string[];
}

/** `NAME=value` per line, as in a .env file: comments and empty lines are left out, a quoted value may go over several lines. */
export function parseVariables(text: string): Parsed {
  const variables: Record<string, string> = {};
  const problems: string[] = [];
  const lines = text.split(/\r?\n/);
  for (let index = 0; index < lines.length; index += 1) {
    const trimmed = (lines[index] as string).trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const match = /^(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=(.*)$/.exec(trimmed);
    if (!match) {
      problems.push(`Line ${index + 1} is not NAME=value.`);
      continue;
    }
    const value = (match[2] as string).trim();
    const end = endOfQuote(value, lines, index);
    variables[match[1] as string] = unquote([value, ...lines.slice(index + 1, end + 1)].join('\n').trim());
    index = end;
  }
  return { variables, problems };
}

/** The line on which a quoted value ends; the same where it is not quoted, or the quote is never closed. */
function endOfQuote(value: string, lines: string[], start: number): number {
  const quote = value[0];
  if ((quote !== '"' && quote !== "'") || value.indexOf(quote, 1) > 0) return start;
  const end = lines.findIndex((line, index) => index > start && line.trimEnd().endsWith(quote));
  return end < 0 ? start : end;
}

function unquote(value: string): string {
  return value.length >= 2 && /^(["']).*\1$/s.test(value) ? value.slice(1, -1) : value;
}
