import { useState } from 'react';
import { ApiError, type FieldErrors } from '../api/errors';

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
      if (failure instanceof ApiError && Object.keys(failure.fields).length > 0) setFields(failure.fields);
      else setError(failure);
    } finally {
      setBusy(false);
    }
  }

  return { busy, error, fields, setFields, run };
}
