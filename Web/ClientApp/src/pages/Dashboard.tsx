import { Boxes, GitBranch, Rocket, Terminal, Upload } from 'lucide-react';
import { Link } from 'react-router';
import { DeploymentTable, DeploymentTableSkeleton } from '../deployments/DeploymentTable';
import { useRecentDeployments } from '../deployments/queries';
import { useSession } from '../session/useSession';
import { buttonStyle } from '../ui/buttonStyle';
import { EmptyState } from '../ui/EmptyState';
import { ErrorNotice } from '../ui/ErrorNotice';
import { PageHeader } from '../ui/PageHeader';
import { usePageTitle } from '../ui/usePageTitle';
import { ConnectGitHubBanner } from './ConnectGitHubBanner';
import { DashboardFigures } from './DashboardFigures';

const actions = [
  { to: '/deploy', Icon: Boxes, title: 'Deploy a sample', text: 'See the whole way from source to site in a minute.' },
  { to: '/deploy?source=git', Icon: GitBranch, title: 'Deploy a repository', text: 'Any public Git address over https.' },
  { to: '/deploy?source=upload', Icon: Upload, title: 'Upload a site', text: 'A zip or tar.gz from your computer.' },
  { to: '/run', Icon: Terminal, title: 'Run a snippet', text: 'A few lines in a sandbox, with input and limits.' },
];

export default function Dashboard() {
  usePageTitle('Dashboard');
  const session = useSession();
  const recent = useRecentDeployments();

  return (
    <>
      <PageHeader title="Dashboard" text={session.data ? `Signed in as ${session.data.user.name}` : undefined} />

      <ConnectGitHubBanner />
      <section aria-label="Figures" className="mb-6">
        <DashboardFigures />
      </section>

      <section aria-labelledby="recent" className="panel overflow-hidden">
        <div className="flex items-center justify-between gap-4 border-b border-line px-4 py-3">
          <h2 id="recent" className="font-semibold">
            Recent deployments
          </h2>
          {recent.data && recent.data.length > 0 && (
            <Link to="/deployments" className="text-link">
              See all
            </Link>
          )}
        </div>
        {recent.isPending && <DeploymentTableSkeleton rows={5} />}
        {recent.isError && (
          <div className="p-4">
            <ErrorNotice
              title="The recent deployments could not be loaded"
              error={recent.error}
              onRetry={() => void recent.refetch()}
            />
          </div>
        )}
        {recent.data?.length === 0 && (
          <EmptyState Icon={Rocket} title="Nothing deployed yet" text="Start with a sample: it takes three steps and no repository of yours.">
            <Link to="/deploy" className={buttonStyle('primary')}>
              Deploy a sample
            </Link>
          </EmptyState>
        )}
        {recent.data && recent.data.length > 0 && <DeploymentTable items={recent.data} caption="Recent deployments" />}
      </section>

      <section aria-labelledby="actions" className="mt-8">
        <h2 id="actions" className="mb-3 font-semibold">
          Quick actions
        </h2>
        <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-4">
          {actions.map(({ to, Icon, title, text }) => (
            <li key={to}>
              <Link to={to} className="panel flex h-full gap-3 p-4 hover:border-control">
                <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-accent" />
                <span>
                  <span className="block font-medium">{title}</span>
                  <span className="block text-muted">{text}</span>
                </span>
              </Link>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}
