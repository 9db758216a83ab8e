import { ArrowRight, GitBranch, Link2, ScrollText, ShieldCheck, SquareTerminal, Terminal, Zap } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { loadAppRoutes } from '../app/loadAppRoutes';
import { hasSignedInHint } from '../session/signedInHint';
import { ThemeSwitch } from '../theme/ThemeSwitch';
import { buttonStyle } from '../ui/buttonStyle';
import { Logo } from '../ui/Logo';
import { usePageTitle } from '../ui/usePageTitle';
import { LandingPreview } from './LandingPreview';

const prefetch = { onMouseEnter: () => void loadAppRoutes(), onFocus: () => void loadAppRoutes() };

const features = [
  {
    Icon: ScrollText,
    title: 'The log, as it happens',
    text: 'Every line is numbered and streamed while the build runs. Lose the connection and it continues where it stopped: nothing missing, nothing twice.',
  },
  {
    Icon: GitBranch,
    title: 'Any Git repository',
    text: 'Point at an https address and a branch. Package manager and framework are detected; every setting can be overruled.',
  },
  {
    Icon: ShieldCheck,
    title: 'Secure by default',
    text: 'Builds run without privileges, in a network of their own, under limits. Secrets are masked before a line is stored.',
  },
  {
    Icon: Link2,
    title: 'Addresses that stay',
    text: 'Each deployment keeps its own URL for good. Production is a pointer to one of them, so what you checked is what you ship.',
  },
  {
    Icon: Zap,
    title: 'Fast to serve',
    text: 'Output is stored by content and compressed once, ahead of time. Visitors get cached, ready-made bytes.',
  },
  {
    Icon: SquareTerminal,
    title: 'Snippets in a sandbox',
    text: 'A few lines run in a container used once, without network. An endless loop comes back as a verdict, not as a hung page.',
  },
];

const steps = [
  { title: 'Choose a source', text: 'A sample to look around with, or the address of your own repository.' },
  { title: 'Check the build', text: 'Keep what was detected or set the command, folder and variables yourself.' },
  { title: 'Open your site', text: 'Watch the log, then follow the link. The address is yours to share.' },
];

export function Landing() {
  usePageTitle('Autostack');
  const signedIn = hasSignedInHint();
  return (
    <div className="min-h-dvh text-[0.9375rem]">
      <a href="#main" className="sr-only focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-10 focus:bg-surface focus:px-3 focus:py-2">
        Skip to content
      </a>
      <header className="mx-auto flex max-w-6xl items-center gap-x-2 px-5 py-4 max-sm:px-4">
        <Link to="/" aria-label="Autostack, home">
          <Logo />
        </Link>
        <nav aria-label="Main" className="ml-auto flex items-center gap-1">
          <Link to="/run" className={`${buttonStyle('quiet', 'small')} max-[480px]:hidden`} {...prefetch}>
            Run a snippet
          </Link>
          {signedIn ? (
            <Link to="/dashboard" className={buttonStyle('primary', 'small')} {...prefetch}>
              Dashboard
            </Link>
          ) : (
            <>
              <Link to="/login" className={buttonStyle('quiet', 'small')} {...prefetch}>
                Sign in
              </Link>
              <Link to="/signup" className={buttonStyle('primary', 'small')} {...prefetch}>
                Get started
              </Link>
            </>
          )}
        </nav>
      </header>

      <main id="main" tabIndex={-1}>
        <section className="mx-auto grid max-w-6xl items-center gap-10 px-5 pt-10 pb-20 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.1fr)] lg:gap-14 lg:pt-20">
          <div>
            <h1 className="text-[2.25rem] leading-[1.08] font-semibold tracking-[-0.03em] sm:text-5xl">
              Push a repository. Get a site.
            </h1>
            <p className="mt-5 max-w-lg text-base leading-relaxed text-muted sm:text-lg">
              Autostack builds your project in isolation, shows you every line while it happens, and serves the result at an
              address that never changes. On your own machine.
            </p>
            <div className="mt-8 flex flex-wrap gap-3">
              <Link to={signedIn ? '/deploy' : '/signup'} className={buttonStyle('primary', 'large')} {...prefetch}>
                {signedIn ? 'Deploy a project' : 'Start deploying'} <ArrowRight aria-hidden className="size-4" />
              </Link>
              <Link to="/run" className={buttonStyle('secondary', 'large')} {...prefetch}>
                <Terminal aria-hidden className="size-4" /> Run a snippet
              </Link>
            </div>
            <p className="mt-4 text-sm text-muted">Snippets run without an account.</p>
          </div>
          <LandingPreview />
        </section>

        <Band title="What you get">
          <ul className="grid gap-px overflow-hidden rounded-xl border border-line bg-line sm:grid-cols-2 lg:grid-cols-3">
            {features.map(({ Icon, title, text }) => (
              <li key={title} className="bg-surface p-6">
                <Icon aria-hidden className="size-5 text-accent" />
                <h3 className="mt-4 text-base font-semibold">{title}</h3>
                <p className="mt-1.5 max-w-md text-muted">{text}</p>
              </li>
            ))}
          </ul>
        </Band>

        <Band title="How it works">
          <ol className="grid gap-8 sm:grid-cols-3">
            {steps.map(({ title, text }, index) => (
              <li key={title} className="border-t-2 border-ink pt-4">
                <span className="tabular font-mono text-xs text-muted">Step {index + 1}</span>
                <h3 className="mt-1 text-base font-semibold">{title}</h3>
                <p className="mt-1.5 text-muted">{text}</p>
              </li>
            ))}
          </ol>
        </Band>

        <section aria-labelledby="begin" className="border-y border-line bg-surface">
          <div className="mx-auto flex max-w-6xl flex-wrap items-center justify-between gap-6 px-5 py-14">
            <div>
              <h2 id="begin" className="text-2xl font-semibold tracking-tight">
                Your first site is three steps away
              </h2>
              <p className="mt-1 text-muted">No repository at hand? Deploy one of the samples.</p>
            </div>
            <Link to={signedIn ? '/deploy' : '/signup'} className={buttonStyle('primary', 'large')} {...prefetch}>
              {signedIn ? 'Deploy now' : 'Create an account'}
            </Link>
          </div>
        </section>
      </main>

      <footer className="mx-auto flex max-w-6xl flex-wrap items-center justify-between gap-4 px-5 py-8 text-sm text-muted">
        <Logo />
        <nav aria-label="Footer" className="flex flex-wrap gap-x-5 gap-y-2">
          <Link to="/run" className="hover:text-ink" {...prefetch}>
            Snippets
          </Link>
          <Link to="/login" className="hover:text-ink" {...prefetch}>
            Sign in
          </Link>
          <Link to="/signup" className="hover:text-ink" {...prefetch}>
            Create an account
          </Link>
        </nav>
        <ThemeSwitch name="landing-theme" />
      </footer>
    </div>
  );
}

function Band({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="mx-auto max-w-6xl px-5 pb-20">
      <h2 className="mb-6 text-2xl font-semibold tracking-tight">{title}</h2>
      {children}
    </section>
  );
}
