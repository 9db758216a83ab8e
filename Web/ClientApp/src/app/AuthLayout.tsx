import { Suspense } from 'react';
import { Link, Outlet } from 'react-router';
import { ThemeSwitch } from '../theme/ThemeSwitch';
import { Logo } from '../ui/Logo';
import { PageSkeleton } from '../ui/Skeleton';

export function AuthLayout() {
  return (
    <div className="grid min-h-dvh grid-rows-[auto_1fr_auto]">
      <header className="px-5 py-4">
        <Link to="/" aria-label="Autostack, home" className="inline-block">
          <Logo />
        </Link>
      </header>
      <main id="main" className="mx-auto w-full max-w-[24.5rem] self-center px-5 py-8">
        <Suspense fallback={<PageSkeleton />}>
          <Outlet />
        </Suspense>
      </main>
      <footer className="flex justify-center px-5 py-5">
        <ThemeSwitch name="auth-theme" />
      </footer>
    </div>
  );
}
