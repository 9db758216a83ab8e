import type { ComponentType } from 'react';
import { Navigate, useParams } from 'react-router';
import { useGitHubConnection } from '../github/queries';
import { PageHeader } from '../ui/PageHeader';
import { Tabs } from '../ui/Tabs';
import { usePageTitle } from '../ui/usePageTitle';
import { AppearanceTab } from './AppearanceTab';
import { AuditTab } from './AuditTab';
import { GitHubTab } from './GitHubTab';
import { NotificationsTab } from './NotificationsTab';
import { ProfileTab } from './ProfileTab';
import { SecurityTab } from './SecurityTab';
import { TokensTab } from './TokensTab';

const tabs: { path: string; label: string; Tab: ComponentType }[] = [
  { path: 'profile', label: 'Profile', Tab: ProfileTab },
  { path: 'security', label: 'Security', Tab: SecurityTab },
  { path: 'github', label: 'GitHub', Tab: GitHubTab },
  { path: 'tokens', label: 'API tokens', Tab: TokensTab },
  { path: 'notifications', label: 'Notifications', Tab: NotificationsTab },
  { path: 'appearance', label: 'Appearance', Tab: AppearanceTab },
  { path: 'activity', label: 'Activity', Tab: AuditTab },
];

export default function SettingsPage() {
  usePageTitle('Settings');
  const { tab } = useParams();
  const gitHub = useGitHubConnection();
  const shown = tabs.find(({ path }) => path === tab);
  if (!shown) return <Navigate to="/settings/profile" replace />;
  // Offered only where this installation has it; an address that leads there still does.
  const offered = tabs.filter(({ path }) => path !== 'github' || path === tab || gitHub.data?.available !== false);
  return (
    <>
      <PageHeader title="Settings" />
      <div className="grid gap-6 md:grid-cols-[11rem_1fr] md:gap-10">
        <Tabs side label="Settings" tabs={offered.map(({ path, label }) => ({ to: `/settings/${path}`, label }))} />
        <div className="grid max-w-2xl min-w-0 grid-cols-1 content-start gap-8">
          <shown.Tab />
        </div>
      </div>
    </>
  );
}
