import { MailWarning } from 'lucide-react';
import { Link, useLocation } from 'react-router';
import type { User } from '../api/types';

/** An account without a confirmed address can look around; what it cannot do should not come as a surprise. */
export function UnverifiedBanner({ user }: { user: User }) {
  const { pathname, search } = useLocation();
  if (user.emailVerified) return null;
  return (
    <section aria-label="Address not confirmed" className="border-b border-line bg-sunken">
      <p className="mx-auto flex max-w-7xl flex-wrap items-center gap-x-2 gap-y-1 px-4 py-2 text-[0.8125rem] sm:px-6">
        <MailWarning aria-hidden className="size-4 shrink-0" />
        Confirm your email address to deploy and to invite others.
        <Link to={`/verify-email?next=${encodeURIComponent(pathname + search)}`} className="text-link font-medium">
          Enter the code
        </Link>
      </p>
    </section>
  );
}
