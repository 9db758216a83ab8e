import { Link } from 'react-router';
import { ApiError } from '../api/errors';
import { buttonStyle } from '../ui/buttonStyle';

export const isEmailNotVerified = (error: unknown): boolean => error instanceof ApiError && error.code === 'EMAIL_NOT_VERIFIED';

/** Says what to do where the Api refuses because nobody has shown that the address is theirs. */
export function EmailNotVerified({ title, next }: { title: string; next: string }) {
  return (
    <div role="alert" className="rounded-[10px] border border-bad/40 bg-bad-soft p-4">
      <p className="font-medium">{title}</p>
      <p className="mt-0.5">Confirm your email address first: we mailed you a code when you signed up, and send another one if it is gone.</p>
      <p className="mt-3">
        <Link to={`/verify-email?next=${encodeURIComponent(next)}`} className={buttonStyle('secondary', 'small')}>
          Confirm your address
        </Link>
      </p>
    </div>
  );
}
