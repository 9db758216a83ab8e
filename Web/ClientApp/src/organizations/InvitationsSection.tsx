import { useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { useLocation } from 'react-router';
import { EmailNotVerified, isEmailNotVerified } from '../account/EmailNotVerified';
import { ApiError } from '../api/errors';
import { inviteMember, listInvitations, revokeInvitation } from '../api/organizations';
import type { Invitation, Organization, OrganizationRole } from '../api/types';
import { emailProblem, text } from '../pages/useAuthForm';
import { Section } from '../settings/Section';
import { useAction } from '../settings/useAction';
import { buttonStyle } from '../ui/buttonStyle';
import { ConfirmButton } from '../ui/ConfirmButton';
import { ErrorNotice } from '../ui/ErrorNotice';
import { Field } from '../ui/Field';
import { LoadMore } from '../ui/LoadMore';
import { Skeleton } from '../ui/Skeleton';
import { RelativeTime } from '../ui/Time';
import { toast } from '../ui/toastStore';
import { invitationsKey, usePages } from './queries';
import { roleLabel, rolesGivenBy } from './roles';

export function InvitationsSection({ organization }: { organization: Organization }) {
  return (
    <Section title="Invitations" text="Invited people get a mail with a link; they need not have an account yet.">
      <InviteForm organization={organization} />
      <Pending organization={organization} />
    </Section>
  );
}

function InviteForm({ organization }: { organization: Organization }) {
  const queries = useQueryClient();
  const { pathname } = useLocation();
  const { busy, error, fields, setFields, run } = useAction();

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    const email = text(data, 'email').trim();
    const problem = emailProblem(email);
    if (problem.length > 0) {
      setFields({ email: problem });
      return;
    }
    void run(async () => {
      try {
        await inviteMember(organization.id, { email, role: text(data, 'role') as OrganizationRole });
      } catch (failure) {
        if (!(failure instanceof ApiError && failure.code === 'ALREADY_MEMBER')) throw failure;
        setFields({ email: [failure.message] });
        return;
      }
      form.reset();
      await queries.invalidateQueries({ queryKey: invitationsKey(organization.id) });
      toast.success('The invitation is on its way', `To ${email}.`);
    });
  }

  return (
    <form noValidate aria-label="Invite" onSubmit={onSubmit} className="grid gap-4">
      {error !== null &&
        (isEmailNotVerified(error) ? (
          <EmailNotVerified title="Nobody was invited" next={pathname} />
        ) : (
          <ErrorNotice title="Nobody was invited" error={error} />
        ))}
      <div className="grid gap-4 sm:grid-cols-[1fr_12rem]">
        <Field label="Email" errors={fields.email}>
          {(control) => <input {...control} name="email" type="email" inputMode="email" autoComplete="off" autoCapitalize="none" spellCheck={false} className="control" />}
        </Field>
        <Field label="Role" errors={fields.role}>
          {(control) => (
            <select {...control} name="role" defaultValue="developer" className="control">
              {rolesGivenBy(organization.role).map(({ value, label }) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <p className="text-[0.8125rem] text-muted">
        {rolesGivenBy(organization.role)
          .map(({ label, text: does }) => `${label} ${does}`)
          .join('; ')}
        .
      </p>
      <div>
        <button type="submit" aria-disabled={busy} className={buttonStyle('primary')}>
          {busy ? 'Inviting…' : 'Invite'}
        </button>
      </div>
    </form>
  );
}

function Pending({ organization }: { organization: Organization }) {
  const invitations = usePages(invitationsKey(organization.id), (page, signal) => listInvitations(organization.id, page, signal));
  const queries = useQueryClient();
  const { busy, error, run } = useAction();
  const all = invitations.data?.pages.flatMap((page) => page.invitations);

  function revoke(invitation: Invitation) {
    void run(async () => {
      await revokeInvitation(organization.id, invitation.id);
      await queries.invalidateQueries({ queryKey: invitationsKey(organization.id) });
      toast.success('The invitation is taken back');
    });
  }

  if (invitations.isPending) return <Skeleton className="h-16 w-full" />;
  if (!all) return <ErrorNotice title="The invitations could not be loaded" error={invitations.error} onRetry={() => void invitations.refetch()} />;
  if (all.length === 0) return <p className="text-muted">Nobody is invited at the moment.</p>;
  return (
    <>
      {error !== null && <ErrorNotice title="The invitation was not taken back" error={error} />}
      <ul aria-label="Pending invitations" className="divide-y divide-line border-t border-line pt-2">
        {all.map((invitation) => (
          <li key={invitation.id} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-2.5">
            <div className="min-w-0">
              <p className="font-medium break-all">{invitation.email}</p>
              <p className="text-[0.8125rem] text-muted">
                {roleLabel(invitation.role)} · ends <RelativeTime at={invitation.expiresAt} />
                {invitation.invitedBy && ` · by ${invitation.invitedBy}`}
              </p>
            </div>
            <ConfirmButton label="Take back" subject={invitation.email} question="Its link stops working." confirm="Take back" busy={busy} onConfirm={() => revoke(invitation)} />
          </li>
        ))}
      </ul>
      <LoadMore query={invitations} />
    </>
  );
}
