import { Suspense } from 'react';
import { Outlet } from 'react-router';
import NotFound from '../pages/NotFound';
import { useSession } from '../session/useSession';
import { PageHeader } from '../ui/PageHeader';
import { PageSkeleton } from '../ui/Skeleton';
import { Tabs } from '../ui/Tabs';

const tabs = [
  { to: '/admin/users', label: 'Users' },
  { to: '/admin/audit', label: 'Audit log' },
];

/** For administrators; for others there is no such page, as the Api has no such routes for them. */
export default function AdminLayout() {
  const session = useSession();
  if (session.data?.user.role !== 'admin') return <NotFound />;
  return (
    <>
      <PageHeader title="Administration" />
      <Tabs label="Administration" tabs={tabs} />
      <Suspense fallback={<PageSkeleton />}>
        <Outlet />
      </Suspense>
    </>
  );
}
