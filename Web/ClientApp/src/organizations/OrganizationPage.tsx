import { Link, Navigate, useParams } from 'react-router';
import { ApiError } from '../api/errors';
import { listOrganizationAudit } from '../api/organizations';
import type { Organization } from '../api/types';
import { AuditList } from '../audit/AuditList';
import { Section } from '../settings/Section';
import { buttonStyle } from '../ui/buttonStyle';
import { ErrorNotice } from '../ui/ErrorNotice';
import { PageHeader } from '../ui/PageHeader';
import { PageSkeleton } from '../ui/Skeleton';
import { Tabs } from '../ui/Tabs';
import { usePageTitle } from '../ui/usePageTitle';
import { InvitationsSection } from './InvitationsSection';
import { MembersSection } from './MembersSection';
import { OrganizationSettings } from './OrganizationSettings';
import { organizationKey, useOrganization } from './queries';
import { isAtLeast, roleLabel } from './roles';

export default function OrganizationPage() {
  const { id = '' } = useParams();
  const organization = useOrganization(id);
  usePageTitle(organization.data?.name ?? 'Organization');

  if (organization.isPending) return <PageSkeleton />;
  if (!organization.data) {
    const gone = organization.error instanceof ApiError && organization.error.status === 404;
    return (
      <>
        <h1 className="sr-only">Organization</h1>
        <ErrorNotice
          title={gone ? 'There is no such organization, or you are not in it' : 'The organization could not be loaded'}
          error={organization.error}
          plain={gone}
          onRetry={gone ? undefined : () => void organization.refetch()}
        >
          <Link to="/organizations" className={buttonStyle('secondary', 'small')}>
            Your organizations
          </Link>
        </ErrorNotice>
      </>
    );
  }
  return <Found organization={organization.data} />;
}

function Found({ organization }: { organization: Organization }) {
  const { tab } = useParams();
  const base = `/organizations/${organization.id}`;
  const manages = isAtLeast(organization.role, 'admin');
  const tabs = [
    { to: base, label: 'Members', end: true },
    { to: `${base}/settings`, label: 'Settings' },
    ...(manages ? [{ to: `${base}/activity`, label: 'Activity' }] : []),
  ];
  return (
    <div className="mx-auto max-w-3xl">
      <PageHeader
        title={organization.name}
        text={
          <>
            <span className="font-mono text-xs">{organization.slug}</span> · you are {roleLabel(organization.role).toLowerCase()}
          </>
        }
      />
      <Tabs label="Organization" tabs={tabs} />
      <div className="grid grid-cols-1 gap-8">
        {tab === undefined && (
          <>
            <MembersSection organization={organization} />
            {manages && <InvitationsSection organization={organization} />}
          </>
        )}
        {tab === 'settings' && <OrganizationSettings organization={organization} />}
        {tab === 'activity' && manages && (
          <Section title="Activity" text="What happened in this organization.">
            <AuditList
              queryKey={[...organizationKey(organization.id), 'audit']}
              load={(cursor, signal) => listOrganizationAudit(organization.id, cursor, signal)}
              empty="Changes of members, invitations and settings are listed here."
            />
          </Section>
        )}
        {tab !== undefined && !tabs.some(({ to }) => to === `${base}/${tab}`) && <Navigate to={base} replace />}
      </div>
    </div>
  );
}
