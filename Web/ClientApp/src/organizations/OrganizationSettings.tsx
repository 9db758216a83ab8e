import { useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { useNavigate } from 'react-router';
import { ApiError } from '../api/errors';
import { deleteOrganization, leaveOrganization, listMembers, transferOrganization, updateOrganization } from '../api/organizations';
import type { Organization } from '../api/types';
import { text } from '../pages/useAuthForm';
import { useSession } from '../session/useSession';
import { Loaded } from '../settings/Loaded';
import { Section } from '../settings/Section';
import { useAction } from '../settings/useAction';
import { buttonStyle } from '../ui/buttonStyle';
import { ConfirmButton } from '../ui/ConfirmButton';
import { ErrorNotice } from '../ui/ErrorNotice';
import { Field } from '../ui/Field';
import { toast } from '../ui/toastStore';
import { membersKey, organizationKey, organizationsKey, usePages } from './queries';
import { isAtLeast } from './roles';

export function OrganizationSettings({ organization }: { organization: Organization }) {
  return (
    <>
      {isAtLeast(organization.role, 'admin') && <Naming organization={organization} />}
      {organization.role === 'owner' && <HandOver organization={organization} />}
      <Leaving organization={organization} />
    </>
  );
}

function Naming({ organization }: { organization: Organization }) {
  const queries = useQueryClient();
  const { busy, error, fields, setFields, run } = useAction();

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const [name, slug] = [text(data, 'name').trim(), text(data, 'slug').trim()];
    if (!name || !slug) {
      setFields({ ...(!name && { name: ['Give it a name.'] }), ...(!slug && { slug: ['Give it a name for addresses.'] }) });
      return;
    }
    void run(async () => {
      try {
        queries.setQueryData(organizationKey(organization.id), await updateOrganization(organization.id, { name, slug }));
      } catch (failure) {
        if (!(failure instanceof ApiError && failure.code === 'SLUG_TAKEN')) throw failure;
        setFields({ slug: [failure.message] });
        return;
      }
      await queries.invalidateQueries({ queryKey: organizationsKey });
      toast.success('The organization is renamed');
    });
  }

  return (
    <Section title="Rename">
      <form noValidate aria-label="Rename" onSubmit={onSubmit} className="grid gap-4">
        {error !== null && <ErrorNotice title="The organization was not renamed" error={error} />}
        <Field label="Name" errors={fields.name}>
          {(control) => <input {...control} name="name" defaultValue={organization.name} maxLength={100} autoComplete="off" className="control" />}
        </Field>
        <Field label="Name in addresses" errors={fields.slug}>
          {(control) => (
            <input {...control} name="slug" defaultValue={organization.slug} autoComplete="off" autoCapitalize="none" spellCheck={false} className="control font-mono text-[0.8125rem]" />
          )}
        </Field>
        <div>
          <button type="submit" aria-disabled={busy} className={buttonStyle('primary')}>
            {busy ? 'Saving…' : 'Save changes'}
          </button>
        </div>
      </form>
    </Section>
  );
}

function HandOver({ organization }: { organization: Organization }) {
  const queries = useQueryClient();
  const session = useSession();
  const members = usePages(membersKey(organization.id), (page, signal) => listMembers(organization.id, page, signal));
  const { busy, error, fields, setFields, run } = useAction();

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const userId = text(new FormData(event.currentTarget), 'userId');
    if (!userId) {
      setFields({ userId: ['Choose a member.'] });
      return;
    }
    void run(async () => {
      await transferOrganization(organization.id, userId);
      await queries.invalidateQueries({ queryKey: organizationsKey });
      toast.success('The organization is handed over', 'You are an admin of it now.');
    });
  }

  return (
    <Section title="Hand over" text="Makes another member the owner in your place; you stay as an admin.">
      <Loaded query={members} title="The members could not be loaded">
        {({ pages }) => {
          const others = pages.flatMap((page) => page.members).filter(({ userId }) => userId !== session.data?.user.id);
          if (others.length === 0) return <p className="text-muted">There is nobody else in the organization.</p>;
          return (
            <form noValidate aria-label="Hand over" onSubmit={onSubmit} className="grid gap-4">
              {error !== null && <ErrorNotice title="The organization was not handed over" error={error} />}
              <Field label="New owner" errors={fields.userId}>
                {(control) => (
                  <select {...control} name="userId" defaultValue="" className="control">
                    <option value="">Choose a member</option>
                    {others.map(({ userId, name, email }) => (
                      <option key={userId} value={userId}>
                        {name} ({email})
                      </option>
                    ))}
                  </select>
                )}
              </Field>
              <div>
                <button type="submit" aria-disabled={busy} className={buttonStyle('danger')}>
                  Hand over
                </button>
              </div>
            </form>
          );
        }}
      </Loaded>
    </Section>
  );
}

function Leaving({ organization }: { organization: Organization }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { busy, error, run } = useAction();

  function leave(work: () => Promise<unknown>, done: string) {
    void run(async () => {
      await work();
      toast.success(done);
      void navigate('/organizations', { replace: true });
      queries.removeQueries({ queryKey: organizationKey(organization.id) });
      await queries.invalidateQueries({ queryKey: organizationsKey });
    });
  }

  return (
    <Section title="Leave or delete">
      {error !== null && <ErrorNotice title="Nothing was changed" error={error} />}
      <div className="flex flex-wrap gap-3">
        <ConfirmButton
          label="Leave…"
          question={`You will not see ${organization.name} any more.`}
          confirm="Leave"
          busy={busy}
          onConfirm={() => leave(() => leaveOrganization(organization.id), `You left ${organization.name}`)}
        />
        {organization.role === 'owner' && (
          <ConfirmButton
            label="Delete…"
            question="Only an organization that owns nothing can be deleted. This cannot be undone."
            confirm="Delete for good"
            busy={busy}
            onConfirm={() => leave(() => deleteOrganization(organization.id), `${organization.name} is deleted`)}
          />
        )}
      </div>
    </Section>
  );
}
