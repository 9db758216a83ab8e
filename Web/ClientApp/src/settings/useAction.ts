import { useState } from 'react';
import { ApiError, type FieldErrors } from '../api/errors';

/** Refusals that speak of one field, though they are no validation errors. */
const fieldOf: Record<string, string> = { WRONG_PASSWORD: 'password', WRONG_CODE: 'code' };

/** One thing that a form or button does: whether it runs, what came of it, and which fields were refused. */
export function useAction() {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [fields, setFields] = useState<FieldErrors>({});

  async function run(work: () => Promise<void>): Promise<void> {
    if (busy) return;
    setBusy(true);
    setError(null);
    setFields({});
    try {
      await work();
    } catch (failure) {
      const field = failure instanceof ApiError ? fieldOf[failure.code] : undefined;
      if (failure instanceof ApiError && Object.keys(failure.fields).length > 0) setFields(failure.fields);
      else if (failure instanceof ApiError && field) setFields({ [field]: [failure.message] });
      else setError(failure);
    } finally {
      setBusy(false);
    }
  }

  return { busy, error, fields, setFields, run };
}
