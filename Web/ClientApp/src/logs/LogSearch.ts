import type { LogLine } from '../api/types';
import { plainText } from './ansi';

/** Finds lines that contain a text, looking at each line once per query however often the log grows. */
export class LogSearch {
  #query = '';
  #seen = 0;
  #matches: number[] = [];

  matches(query: string, lines: readonly LogLine[], count: number): readonly number[] {
    const wanted = query.trim().toLowerCase();
    if (wanted !== this.#query || count < this.#seen) {
      this.#query = wanted;
      this.#seen = 0;
      this.#matches = [];
    }
    if (wanted === '') return [];
    const found: number[] = [];
    for (let index = this.#seen; index < count; index += 1) {
      const line = lines[index];
      if (line && plainText(line.message).toLowerCase().includes(wanted)) found.push(index);
    }
    this.#seen = count;
    if (found.length > 0) this.#matches = [...this.#matches, ...found];
    return this.#matches;
  }
}
