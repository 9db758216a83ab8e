import type { ErrorEnvelope } from './types';

export type FieldErrors = Record<string, string[]>;

/** Every way a call can fail, with what the reader of an error message needs: what, why, how long, which request. */
export class ApiError extends Error {
  readonly code: string;
  /** HTTP status; 0 when no answer arrived. */
  readonly status: number;
  readonly requestId: string | null;
  readonly retryAfterSeconds: number | null;
  readonly fields: FieldErrors;

  constructor(init: {
    code: string;
    message: string;
    status: number;
    requestId?: string | null;
    retryAfterSeconds?: number | null;
    fields?: FieldErrors;
    cause?: unknown;
  }) {
    super(init.message, { cause: init.cause });
    this.name = 'ApiError';
    this.code = init.code;
    this.status = init.status;
    this.requestId = init.requestId ?? null;
    this.retryAfterSeconds = init.retryAfterSeconds ?? null;
    this.fields = init.fields ?? {};
  }

  static async fromResponse(response: Response): Promise<ApiError> {
    const requestId = response.headers.get('X-Request-Id');
    const retryAfterSeconds = parseRetryAfter(response.headers.get('Retry-After'));
    const text = await response.text();
    const envelope = parseEnvelope(text);
    if (!envelope) {
      return new ApiError({
        code: 'UNEXPECTED_RESPONSE',
        message: `The server answered ${response.status} without saying why.`,
        status: response.status,
        requestId,
        retryAfterSeconds,
      });
    }
    return new ApiError({
      code: envelope.error.code,
      message: envelope.error.message,
      status: response.status,
      requestId,
      retryAfterSeconds,
      fields: response.status === 422 ? fieldErrors(envelope.error.details) : {},
    });
  }

  static unreachable(cause: unknown): ApiError {
    return new ApiError({
      code: 'UNREACHABLE',
      message: 'The server cannot be reached. Check your connection and try again.',
      status: 0,
      cause,
    });
  }
}

export function isAbort(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'name' in error && error.name === 'AbortError';
}

function parseEnvelope(text: string): ErrorEnvelope | null {
  try {
    const value = JSON.parse(text) as Partial<ErrorEnvelope> | null;
    return typeof value?.error?.code === 'string' && typeof value.error.message === 'string'
      ? (value as ErrorEnvelope)
      : null;
  } catch {
    // Not JSON: a proxy's page, most likely. The caller says so.
    return null;
  }
}

export function fieldErrors(details: unknown): FieldErrors {
  if (typeof details !== 'object' || details === null) return {};
  const entries = Object.entries(details).map(([field, messages]): [string, string[]] => [
    field,
    (Array.isArray(messages) ? messages : [messages]).filter((m): m is string => typeof m === 'string'),
  ]);
  return Object.fromEntries(entries.filter(([, messages]) => messages.length > 0));
}

function parseRetryAfter(value: string | null): number | null {
  if (!value) return null;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, Math.ceil(seconds));
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - Date.now()) / 1000));
}
