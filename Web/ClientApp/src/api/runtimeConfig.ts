import { ApiError } from './errors';

export interface RuntimeConfig {
  /** Origin of the Api without a trailing slash; empty when it shares the page's origin. */
  apiBaseUrl: string;
  /** Host (and port) under which deployed sites live. */
  sitesDomain: string;
}

let pending: Promise<RuntimeConfig> | null = null;

/** The host's settings, asked for once; a failure is not remembered, so that "try again" can work. */
export function runtimeConfig(): Promise<RuntimeConfig> {
  pending ??= load().catch((error: unknown) => {
    pending = null;
    throw error;
  });
  return pending;
}

export function resetRuntimeConfig(): void {
  pending = null;
}

async function load(): Promise<RuntimeConfig> {
  let response: Response;
  try {
    response = await fetch(new URL('/config.json', window.location.origin), {
      headers: { Accept: 'application/json' },
    });
  } catch (error) {
    throw ApiError.unreachable(error);
  }
  if (!response.ok) throw await ApiError.fromResponse(response);
  const value = (await response.json()) as Partial<RuntimeConfig>;
  return {
    apiBaseUrl: (value.apiBaseUrl ?? '').replace(/\/+$/, ''),
    sitesDomain: value.sitesDomain ?? '',
  };
}
