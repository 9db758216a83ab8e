import { useQueryClient } from '@tanstack/react-query';
import { changeMemberRole, listMembers, removeMember } from '../api/organizations';
import type { Member, Organization, OrganizationRole } from '../api/types';
import { useSession } from '../session/useSession';
import { Section } from '../settings/Section';
import { useAction } from '../settings/useAction';
import { Avatar } from '../ui/Avatar';
import { ConfirmButton } from '../ui/ConfirmButton';
import { ErrorNotice } from '../ui/ErrorNotice';
import { LoadMore } from '../ui/LoadMore';
import { Loading, Skeleton } from '../ui/Skeleton';
import { RelativeTime } from '../ui/Time';
import { toast } from '../ui/toastStore';
import { membersKey, organizationKey, organizationsKey, usePages } from './queries';
import { isAtLeast, roleLabel, rolesGivenBy } from './roles';

export function MembersSection({ organization }: { organization: Organization }) {
  const members = usePages(membersKey(organization.id), (page, signal) => listMembers(organization.id, page, signal));
  const queries = useQueryClient();
  const { busy, error, run } = useAction();
  const all = members.data?.pages.flatMap((page) => page.members);

  function change(work: () => Promise<unknown>, done: string) {
    void run(async () => {
      await work();
      await Promise.all([
        queries.invalidateQueries({ queryKey: organizationKey(organization.id) }),
        queries.invalidateQueries({ queryKey: [...organizationsKey, 'list'] }),
      ]);
      toast.success(done);
    });
  }

  return (
    <Section title="Members">
      {error !== null && <ErrorNotice title="Nothing was changed" error={error} />}
      {members.isPending && (
        <Loading label="Loading the members">
          <Skeleton className="h-24 w-full" />
        </Loading>
      )}
      {members.isError && !all && <ErrorNotice title="The members could not be loaded" error={members.error} onRetry={() => void members.refetch()} />}
      {all && (
        <ul aria-label="Members" className="divide-y divide-line">
          {all.map((member) => (
            <Row
              key={member.userId}
              member={member}
              ownRole={organization.role}
              busy={busy}
              onRole={(role) => change(() => changeMemberRole(organization.id, member.userId, role), `${member.name} is ${roleLabel(role).toLowerCase()} now`)}
              onRemove={() => change(() => removeMember(organization.id, member.userId), `${member.name} is removed`)}
            />
          ))}
        </ul>
      )}
      <LoadMore query={members} />
    </Section>
  );
}

interface RowProps {
  member: Member;
  ownRole: OrganizationRole;
  busy: boolean;
  onRole: (role: OrganizationRole) => void;
  onRemove: () => void;
}

function Row({ member, ownRole, busy, onRole, onRemove }: RowProps) {
  const session = useSession();
  const self = session.data?.user.id === member.userId;
  // Owners are made and unmade by owners; who leaves does so in the settings.
  const changeable = !self && isAtLeast(ownRole, 'admin') && (member.role !== 'owner' || ownRole === 'owner');
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-2.5 first:pt-0">
      <Avatar name={member.name || member.email} url={member.avatarUrl} />
      <div className="min-w-0 flex-1 basis-40">
        <p className="font-medium break-words">
          {member.name}
          {self && <span className="ml-2 text-[0.8125rem] font-normal text-muted">you</span>}
        </p>
        <p className="text-[0.8125rem] text-muted">
          <span className="break-all">{member.email}</span> · joined <RelativeTime at={member.joinedAt} />
        </p>
      </div>
      {changeable ? (
        <div className="flex flex-wrap items-center gap-2">
          <select
            aria-label={`Role of ${member.name}`}
            value={member.role}
            disabled={busy}
            onChange={(event) => onRole(event.target.value as OrganizationRole)}
            className="control w-auto"
          >
            {rolesGivenBy(ownRole).map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
          <ConfirmButton label="Remove" subject={member.name} question="Out of the organization?" confirm="Remove" busy={busy} onConfirm={onRemove} />
        </div>
      ) : (
        <p className="text-[0.8125rem] text-muted">{roleLabel(member.role)}</p>
      )}
    </li>
  );
}
