import { useQueryClient } from '@tanstack/react-query';
import { Building2 } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { Link, useNavigate } from 'react-router';
import { createOrganization, listOrganizations } from '../api/organizations';
import { ApiError } from '../api/errors';
import type { Organization } from '../api/types';
import { text } from '../pages/useAuthForm';
import { useAction } from '../settings/useAction';
import { Section } from '../settings/Section';
import { buttonStyle } from '../ui/buttonStyle';
import { EmptyState } from '../ui/EmptyState';
import { ErrorNotice } from '../ui/ErrorNotice';
import { Field } from '../ui/Field';
import { LoadMore } from '../ui/LoadMore';
import { PageHeader } from '../ui/PageHeader';
import { Loading, Skeleton } from '../ui/Skeleton';
import { toast } from '../ui/toastStore';
import { usePageTitle } from '../ui/usePageTitle';
import { organizationsKey, usePages } from './queries';
import { roleLabel } from './roles';

export default function OrganizationsPage() {
  usePageTitle('Organizations');
  const [creating, setCreating] = useState(false);
  const organizations = usePages([...organizationsKey, 'list'], listOrganizations);
  const all = organizations.data?.pages.flatMap((page) => page.organizations);

  return (
    <div className="mx-auto max-w-3xl">
      <div className="flex flex-wrap items-start justify-between gap-x-4">
        <PageHeader title="Organizations" text="Own projects together, with a role for everybody." />
        {!creating && (
          <button type="button" className={`${buttonStyle('primary')} mb-6`} onClick={() => setCreating(true)}>
            New organization
          </button>
        )}
      </div>
      <div className="grid grid-cols-1 gap-6">
        {creating && <CreateForm onCancel={() => setCreating(false)} />}
        {organizations.isPending && (
          <Loading label="Loading your organizations">
            <Skeleton className="h-32 w-full" />
          </Loading>
        )}
        {organizations.isError && !all && (
          <ErrorNotice title="Your organizations could not be loaded" error={organizations.error} onRetry={() => void organizations.refetch()} />
        )}
        {all?.length === 0 && (
          <div className="panel">
            <EmptyState Icon={Building2} title="No organization yet" text="Create one and invite others, or open the invitation that you were mailed." />
          </div>
        )}
        {all && all.length > 0 && (
          <ul aria-label="Your organizations" className="panel divide-y divide-line">
            {all.map((organization) => (
              <Row key={organization.id} organization={organization} />
            ))}
          </ul>
        )}
        <LoadMore query={organizations} />
      </div>
    </div>
  );
}

function Row({ organization: { id, name, slug, role, memberCount } }: { organization: Organization }) {
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 px-4 py-3">
      <div className="min-w-0">
        <Link to={`/organizations/${id}`} className="font-medium break-words hover:underline">
          {name}
        </Link>
        <p className="font-mono text-xs text-muted">{slug}</p>
      </div>
      <p className="text-[0.8125rem] text-muted">
        {roleLabel(role)} · {memberCount} {memberCount === 1 ? 'member' : 'members'}
      </p>
    </li>
  );
}

function CreateForm({ onCancel }: { onCancel: () => void }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { busy, error, fields, setFields, run } = useAction();

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const [name, slug] = [text(data, 'name').trim(), text(data, 'slug').trim()];
    if (!name) {
      setFields({ name: ['Give it a name.'] });
      return;
    }
    void run(async () => {
      try {
        const { id } = await createOrganization({ name, ...(slug && { slug }) });
        await queries.invalidateQueries({ queryKey: organizationsKey });
        toast.success(`${name} is created`);
        void navigate(`/organizations/${id}`);
      } catch (failure) {
        if (!(failure instanceof ApiError && failure.code === 'SLUG_TAKEN')) throw failure;
        setFields({ slug: [failure.message] });
      }
    });
  }

  return (
    <Section title="New organization">
      <form noValidate aria-label="New organization" onSubmit={onSubmit} className="grid gap-4">
        {error !== null && <ErrorNotice title="The organization was not created" error={error} />}
        <Field label="Name" errors={fields.name}>
          {(control) => <input {...control} name="name" autoFocus autoComplete="organization" maxLength={100} className="control" />}
        </Field>
        <Field label="Name in addresses" optional hint="Made from the name when left out." errors={fields.slug}>
          {(control) => <input {...control} name="slug" autoComplete="off" autoCapitalize="none" spellCheck={false} className="control font-mono text-[0.8125rem]" />}
        </Field>
        <div className="flex gap-2">
          <button type="submit" aria-disabled={busy} className={buttonStyle('primary')}>
            {busy ? 'Creating…' : 'Create'}
          </button>
          <button type="button" className={buttonStyle('secondary')} onClick={onCancel}>
            Cancel
          </button>
        </div>
      </form>
    </Section>
  );
}
