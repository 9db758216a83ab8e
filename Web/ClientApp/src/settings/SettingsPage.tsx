import clsx from 'clsx';
import type { ComponentType } from 'react';
import { Navigate, NavLink, useParams } from 'react-router';
import { PageHeader } from '../ui/PageHeader';
import { usePageTitle } from '../ui/usePageTitle';
import { AppearanceTab } from './AppearanceTab';
import { NotificationsTab } from './NotificationsTab';
import { ProfileTab } from './ProfileTab';
import { SecurityTab } from './SecurityTab';

const tabs: { path: string; label: string; Tab: ComponentType }[] = [
  { path: 'profile', label: 'Profile', Tab: ProfileTab },
  { path: 'security', label: 'Security', Tab: SecurityTab },
  { path: 'notifications', label: 'Notifications', Tab: NotificationsTab },
  { path: 'appearance', label: 'Appearance', Tab: AppearanceTab },
];

export default function SettingsPage() {
  usePageTitle('Settings');
  const { tab } = useParams();
  const shown = tabs.find(({ path }) => path === tab);
  if (!shown) return <Navigate to="/settings/profile" replace />;
  return (
    <>
      <PageHeader title="Settings" />
      <div className="grid gap-6 md:grid-cols-[11rem_1fr] md:gap-10">
        <nav aria-label="Settings" className="-mx-2 flex gap-1 overflow-x-auto md:mx-0 md:flex-col">
          {tabs.map(({ path, label }) => (
            <NavLink
              key={path}
              to={`/settings/${path}`}
              className={({ isActive }) =>
                clsx('rounded-[7px] px-3 py-1.5', isActive ? 'bg-sunken font-medium text-ink' : 'text-muted hover:text-ink')
              }
            >
              {label}
            </NavLink>
          ))}
        </nav>
        <div className="grid max-w-2xl min-w-0 content-start gap-8">
          <shown.Tab />
        </div>
      </div>
    </>
  );
}
