import { api } from './client';
import { runtimeConfig } from './runtimeConfig';
import type { RunResult, RunSnippetRequest, Snippet } from './types';

const shared = (shareId: string) => `/api/snippets/shared/${encodeURIComponent(shareId)}`;

export function getSharedSnippet(shareId: string, signal?: AbortSignal): Promise<Snippet> {
  return api.call(shared(shareId), { signal });
}

export function runSharedSnippet(shareId: string, body: RunSnippetRequest, signal?: AbortSignal): Promise<RunResult> {
  return api.call(`${shared(shareId)}/run`, { method: 'POST', body, signal });
}

/** What another page has to contain to show the snippet. */
export async function embedMarkup(snippet: Snippet): Promise<string> {
  const { apiBaseUrl } = await runtimeConfig();
  const address = new URL(snippet.embedUrl ?? '', apiBaseUrl || window.location.origin);
  return `<iframe src="${address.href}" width="100%" height="400" title="${escapeAttribute(snippet.title)}"></iframe>`;
}

function escapeAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
