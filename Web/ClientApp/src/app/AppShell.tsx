import clsx from 'clsx';
import { Rocket } from 'lucide-react';
import { Suspense, useEffect, useRef } from 'react';
import { Link, NavLink, Outlet, useLocation } from 'react-router';
import { UnverifiedBanner } from '../account/UnverifiedBanner';
import { NotificationBell } from '../notifications/NotificationBell';
import { loginPath } from '../session/nextPath';
import { useSession, useSignedOutWatch } from '../session/useSession';
import { ThemeSwitch } from '../theme/ThemeSwitch';
import { buttonStyle } from '../ui/buttonStyle';
import { Logo } from '../ui/Logo';
import { PageSkeleton, Skeleton } from '../ui/Skeleton';
import { UserMenu } from './UserMenu';

export function AppShell() {
  useSignedOutWatch();
  const session = useSession();
  const location = useLocation();
  const signedIn = Boolean(session.data);

  return (
    <div className="grid min-h-dvh grid-cols-[minmax(0,1fr)] grid-rows-[auto_auto_1fr]">
      <a
        href="#main"
        className="sr-only z-30 rounded-md bg-surface px-3 py-2 focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
      >
        Skip to content
      </a>
      <header className="sticky top-0 z-20 border-b border-line bg-surface">
        <div className="mx-auto flex max-w-7xl flex-wrap items-center gap-x-5 px-4 sm:px-6">
          <Link to={signedIn ? '/dashboard' : '/'} aria-label="Autostack, home" className="py-3">
            <Logo />
          </Link>
          <nav
            aria-label="Main"
            className="order-last -mx-2 flex w-full gap-1 overflow-x-auto sm:order-none sm:mx-0 sm:w-auto sm:self-stretch"
          >
            {signedIn && <NavItem to="/dashboard">Dashboard</NavItem>}
            {signedIn && <NavItem to="/projects">Projects</NavItem>}
            {signedIn && <NavItem to="/deployments">Deployments</NavItem>}
            <NavItem to="/run">Run</NavItem>
          </nav>
          <div className="ml-auto flex items-center gap-2 py-2">
            {session.isPending && <Skeleton className="h-8 w-28" />}
            {session.data && (
              <>
                <Link to="/deploy" className={buttonStyle('primary', 'small')}>
                  <Rocket aria-hidden className="size-3.5" />
                  <span className="max-sm:sr-only">New deployment</span>
                </Link>
                <NotificationBell />
                <UserMenu user={session.data.user} />
              </>
            )}
            {!session.isPending && !session.data && (
              <>
                <span className="max-sm:hidden">
                  <ThemeSwitch name="shell-theme" />
                </span>
                <Link to={loginPath(location)} className={buttonStyle('quiet', 'small')}>
                  Sign in
                </Link>
                <Link to="/signup" className={buttonStyle('primary', 'small')}>
                  Get started
                </Link>
              </>
            )}
          </div>
        </div>
      </header>
      <div>{session.data && <UnverifiedBanner user={session.data.user} />}</div>
      <FocusedMain />
    </div>
  );
}

function NavItem({ to, children }: { to: string; children: string }) {
  return (
    <NavLink
      to={to}
      className={({ isActive }) =>
        clsx(
          'relative flex items-center px-2 py-2 text-sm after:absolute after:inset-x-2 after:-bottom-px after:h-0.5 after:rounded-full',
          isActive ? 'font-medium text-ink after:bg-ink' : 'text-muted hover:text-ink',
        )
      }
    >
      {children}
    </NavLink>
  );
}

/** After a change of page the focus (and with it the reading position) starts at the new content, as after a full load. */
function FocusedMain() {
  const { pathname } = useLocation();
  const main = useRef<HTMLElement>(null);
  const shown = useRef(pathname);

  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    window.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [pathname]);

  return (
    <main ref={main} id="main" tabIndex={-1} className="mx-auto w-full max-w-7xl min-w-0 px-4 py-6 sm:px-6 sm:py-8">
      <Suspense fallback={<PageSkeleton />}>
        <Outlet />
      </Suspense>
    </main>
  );
}
