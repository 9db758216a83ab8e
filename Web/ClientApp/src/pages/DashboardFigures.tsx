import { useQuery } from '@tanstack/react-query';
import clsx from 'clsx';
import { dashboardFigures } from '../api/endpoints';
import type { DashboardFigures as Figures } from '../api/types';
import { ErrorNotice } from '../ui/ErrorNotice';
import { Loading, Skeleton } from '../ui/Skeleton';

interface Figure {
  name: string;
  value: string;
  note: string;
  mood?: 'good' | 'bad';
}

/** How the account does at a glance. */
export function DashboardFigures() {
  const figures = useQuery({ queryKey: ['deployments', 'figures'], queryFn: ({ signal }) => dashboardFigures(signal), staleTime: 60_000 });
  if (figures.isPending) {
    return (
      <Loading label="Loading figures">
        <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
          {[1, 2, 3, 4].map((each) => (
            <Skeleton key={each} className="h-24" />
          ))}
        </div>
      </Loading>
    );
  }
  if (!figures.data) return <ErrorNotice title="The figures could not be loaded" error={figures.error} onRetry={() => void figures.refetch()} />;
  return (
    <dl className="grid grid-cols-2 gap-3 lg:grid-cols-4">
      {figuresOf(figures.data).map(({ name, value, note, mood }) => (
        <div key={name} className="panel p-4">
          <dt className="text-[0.8125rem] text-muted">{name}</dt>
          <dd className="tabular mt-1 text-2xl font-semibold tracking-tight">{value}</dd>
          <dd className={clsx('tabular mt-0.5 text-[0.8125rem]', mood === 'good' ? 'text-ok' : mood === 'bad' ? 'text-bad' : 'text-muted')}>{note}</dd>
        </div>
      ))}
    </dl>
  );
}

function figuresOf(stats: Figures): Figure[] {
  const { totalDeployments, weeklyChange, activeProjects, todayDeployments, successRate, monthlySuccessChange, avgDeployTime, timeImprovement } = stats;
  return [
    { name: 'Deployments', value: totalDeployments.toLocaleString('en'), note: `${weeklyChange} in the last 7 days` },
    { name: 'Active projects', value: activeProjects.toLocaleString('en'), note: `${todayDeployments} ${todayDeployments === 1 ? 'deployment' : 'deployments'} today` },
    {
      name: 'Success rate',
      value: successRate === null ? '–' : `${successRate} %`,
      ...(monthlySuccessChange === null
        ? { note: 'last 30 days' }
        : { note: `${signed(monthlySuccessChange)} points in 30 days`, mood: moodOf(monthlySuccessChange) }),
    },
    {
      name: 'Average time',
      value: avgDeployTime ?? '–',
      ...(timeImprovement === null ? { note: 'last 30 days' } : { note: `${timeImprovement} in 30 days`, mood: moodOf(-Number.parseFloat(timeImprovement)) }),
    },
  ];
}

function moodOf(better: number): Figure['mood'] {
  if (better === 0 || Number.isNaN(better)) return undefined;
  return better > 0 ? 'good' : 'bad';
}

function signed(value: number): string {
  return value > 0 ? `+${value}` : String(value);
}
