import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useLocation, useNavigate } from 'react-router';
import { EmailNotVerified, isEmailNotVerified } from '../account/EmailNotVerified';
import { ApiError } from '../api/errors';
import { acceptInvitation, declineInvitation, getInvitation } from '../api/organizations';
import type { InvitationPreview, User } from '../api/types';
import { organizationsKey } from '../organizations/queries';
import { roleLabel } from '../organizations/roles';
import { useLeaveSession, useSession } from '../session/useSession';
import { useAction } from '../settings/useAction';
import { buttonStyle } from '../ui/buttonStyle';
import { ConfirmButton } from '../ui/ConfirmButton';
import { ErrorNotice } from '../ui/ErrorNotice';
import { PageSkeleton } from '../ui/Skeleton';
import { RelativeTime } from '../ui/Time';
import { toast } from '../ui/toastStore';
import { usePageTitle } from '../ui/usePageTitle';

const page = (token: string) => `/invitations#token=${token}`;

/** Where the mail of an invitation leads. */
export default function InvitationPage() {
  usePageTitle('Invitation');
  const token = new URLSearchParams(useLocation().hash.slice(1)).get('token') ?? '';
  const session = useSession();
  const invitation = useQuery({
    queryKey: ['invitation', token],
    queryFn: ({ signal }) => getInvitation(token, signal),
    enabled: token !== '',
  });
  const [declined, setDeclined] = useState(false);

  if (declined) {
    return (
      <>
        <h1 className="text-2xl font-semibold">Declined</h1>
        <p className="mt-1 text-muted">The invitation does not work any more. Nothing else was changed.</p>
      </>
    );
  }
  if ((token && invitation.isPending) || session.isPending) return <PageSkeleton />;
  if (!invitation.data) {
    const gone = !token || (invitation.error instanceof ApiError && invitation.error.status === 404);
    return (
      <>
        <h1 className="mb-4 text-2xl font-semibold">Invitation</h1>
        <ErrorNotice
          title={gone ? 'This invitation is over' : 'The invitation could not be loaded'}
          error={gone ? new Error('It was answered, taken back or has run out, or its address is not complete. Ask for a new one.') : invitation.error}
          onRetry={gone ? undefined : () => void invitation.refetch()}
        />
      </>
    );
  }
  const user = session.data?.user ?? null;
  const { organization, invitedBy, role, email, expiresAt } = invitation.data;
  return (
    <>
      <h1 className="text-2xl font-semibold break-words">Join {organization}</h1>
      <p className="mt-1 text-muted">
        {invitedBy ?? 'Somebody'} invites <strong className="break-all text-ink">{email}</strong> to the organization {organization} as{' '}
        {roleLabel(role).toLowerCase()}. The invitation ends <RelativeTime at={expiresAt} />.
      </p>
      <div className="mt-6 grid gap-4">
        {user ? <Answer token={token} invitation={invitation.data} user={user} /> : <SignInFirst token={token} />}
        <Decline token={token} onDeclined={() => setDeclined(true)} />
      </div>
    </>
  );
}

function SignInFirst({ token }: { token: string }) {
  const search = `?next=${encodeURIComponent(page(token))}`;
  return (
    <>
      <p>Sign in with the account of this address, or create one with it, to accept.</p>
      <div className="flex flex-wrap gap-2">
        <Link to={`/signup${search}`} className={buttonStyle('primary')}>
          Create an account
        </Link>
        <Link to={`/login${search}`} className={buttonStyle('secondary')}>
          Sign in
        </Link>
      </div>
    </>
  );
}

function Answer({ token, invitation, user }: { token: string; invitation: InvitationPreview; user: User }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const leave = useLeaveSession();
  const { busy, error, run } = useAction();
  const other = user.email.toLowerCase() !== invitation.email.toLowerCase();

  function accept() {
    void run(async () => {
      try {
        const { id } = await acceptInvitation(token);
        await queries.invalidateQueries({ queryKey: organizationsKey });
        toast.success(`You are in ${invitation.organization} now`);
        void navigate(`/organizations/${id}`, { replace: true });
      } catch (failure) {
        if (!(failure instanceof ApiError && failure.code === 'ALREADY_MEMBER')) throw failure;
        toast.success(`You are in ${invitation.organization} already`);
        void navigate('/organizations', { replace: true });
      }
    });
  }

  if (other) {
    return (
      <>
        <p>
          You are signed in as <strong className="break-all">{user.email}</strong>, and the invitation is for another address. Sign out to go on with that
          one.
        </p>
        {error !== null && <ErrorNotice title="You are still signed in" error={error} />}
        <div>
          <button type="button" aria-disabled={busy} className={buttonStyle('secondary')} onClick={() => void run(leave)}>
            Sign out
          </button>
        </div>
      </>
    );
  }
  if (!user.emailVerified || isEmailNotVerified(error)) {
    return <EmailNotVerified title="One step before you can accept" next={page(token)} />;
  }
  return (
    <>
      {error !== null && <ErrorNotice title="You did not join" error={error} />}
      <div>
        <button type="button" aria-disabled={busy} className={buttonStyle('primary')} onClick={accept}>
          {busy ? 'Joining…' : 'Accept'}
        </button>
      </div>
    </>
  );
}

function Decline({ token, onDeclined }: { token: string; onDeclined: () => void }) {
  const { busy, error, run } = useAction();
  return (
    <div className="border-t border-line pt-4">
      {error !== null && <ErrorNotice title="The invitation was not declined" error={error} />}
      <ConfirmButton
        label="Decline"
        question="The link stops working."
        confirm="Decline for good"
        busy={busy}
        onConfirm={() =>
          void run(async () => {
            await declineInvitation(token);
            onDeclined();
          })
        }
      />
    </div>
  );
}
