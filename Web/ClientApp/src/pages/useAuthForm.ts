import { useRef, useState, type FormEvent } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { ApiError, type FieldErrors } from '../api/errors';
import type { Session } from '../api/types';
import { nextPath } from '../session/nextPath';
import { useEnterSession } from '../session/useSession';

interface AuthForm {
  check: (form: FormData) => FieldErrors;
  /** The session; null when another step comes first. */
  submit: (form: FormData) => Promise<Session | null>;
  onEntered?: (session: Session) => void;
  /** A page that comes before the one that was asked for. */
  then?: string;
}

/** What sign-in and sign-up share: local checks first, the server's field messages after, then the page asked for. */
export function useAuthForm({ check, submit, onEntered, then }: AuthForm) {
  const [fields, setFields] = useState<FieldErrors>({});
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const enter = useEnterSession();

  function refuse(errors: FieldErrors) {
    setFields(errors);
    const first = Object.keys(errors)[0];
    const control = first ? form.current?.elements.namedItem(first) : null;
    if (control instanceof HTMLElement) control.focus();
  }

  async function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (busy) return;
    const data = new FormData(event.currentTarget);
    const problems = check(data);
    setError(null);
    if (Object.keys(problems).length > 0) {
      refuse(problems);
      return;
    }
    setFields({});
    setBusy(true);
    try {
      const session = await submit(data);
      if (!session) return;
      enter(session);
      onEntered?.(session);
      const next = nextPath(search);
      void navigate(then ? `${then}?next=${encodeURIComponent(next)}` : next, { replace: true });
    } catch (failure) {
      if (failure instanceof ApiError && Object.keys(failure.fields).length > 0) refuse(failure.fields);
      else setError(failure);
    } finally {
      setBusy(false);
    }
  }

  return { form, fields, error, busy, onSubmit, search };
}

export function text(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}

export function emailProblem(email: string): string[] {
  if (!email) return ['Enter your email address.'];
  return /^[^\s@]+@[^\s@]+$/.test(email) ? [] : ['This does not look like an email address.'];
}

export function onlyProblems(problems: FieldErrors): FieldErrors {
  return Object.fromEntries(Object.entries(problems).filter(([, messages]) => messages.length > 0));
}
