import { Navigate, Outlet, useLocation } from 'react-router';
import { ErrorNotice } from '../ui/ErrorNotice';
import { PageSkeleton } from '../ui/Skeleton';
import { loginPath } from './nextPath';
import { useLeftByChoice, useSession } from './useSession';

export function RequireSession() {
  const session = useSession();
  const leftByChoice = useLeftByChoice();
  const location = useLocation();

  if (session.isPending) return <PageSkeleton />;
  if (session.isError) {
    return (
      <>
        <h1 className="sr-only">Your session could not be checked</h1>
        <ErrorNotice
          title="Your session could not be checked"
          error={session.error}
          onRetry={() => void session.refetch()}
        />
      </>
    );
  }
  if (session.data === null) return <Navigate to={leftByChoice ? '/' : loginPath(location)} replace />;
  return <Outlet />;
}
