import clsx from 'clsx';
import { useState } from 'react';
import type { Project, Traffic } from '../api/types';
import { Loaded } from '../settings/Loaded';
import { Section } from '../settings/Section';
import { absoluteTime, bytes } from '../ui/format';
import { useTraffic } from './queries';
import { barsOf, type Bar } from './traffic';

const ranges = [
  { hours: 24, label: '24 hours' },
  { hours: 24 * 7, label: '7 days' },
  { hours: 24 * 30, label: '30 days' },
];

/** What the site was asked for. */
export function TrafficSection({ project }: { project: Project }) {
  const [hours, setHours] = useState(24);
  const traffic = useTraffic(project.id, hours);
  const range = ranges.find((each) => each.hours === hours)?.label ?? '';
  return (
    <Section title="Traffic" text="Requests to the production site and its previews.">
      <div role="group" aria-label="Time" className="inline-flex justify-self-start rounded-lg bg-sunken p-1">
        {ranges.map((each) => (
          <button
            key={each.hours}
            type="button"
            aria-pressed={each.hours === hours}
            onClick={() => setHours(each.hours)}
            className={clsx('rounded-md px-3 py-1 text-[0.8125rem]', each.hours === hours ? 'bg-surface font-medium shadow-sm' : 'text-muted hover:text-ink')}
          >
            {each.label}
          </button>
        ))}
      </div>
      <Loaded query={traffic} title="The traffic could not be loaded">
        {(data) => (
          <>
            <Totals traffic={data} />
            {data.total.requests > 0 && <Chart bars={barsOf(data.hours, hours, traffic.dataUpdatedAt)} label={`Requests in the last ${range}`} />}
            <TopPaths traffic={data} />
          </>
        )}
      </Loaded>
    </Section>
  );
}

function Totals({ traffic: { total } }: { traffic: Traffic }) {
  const figures: [string, string][] = [
    ['Requests', total.requests.toLocaleString('en')],
    ['Sent', bytes(total.bytes)],
    ['Not found and refused', total.status4xx.toLocaleString('en')],
    ['Failed', total.status5xx.toLocaleString('en')],
  ];
  return (
    <dl className="grid grid-cols-2 gap-3 sm:grid-cols-4">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt className="text-[0.8125rem] text-muted">{name}</dt>
          <dd className="tabular text-lg font-semibold">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

const height = 100;
const gap = 0.2;

function Chart({ bars, label }: { bars: Bar[]; label: string }) {
  const most = Math.max(1, ...bars.map(({ requests }) => requests));
  const tall = (value: number) => (value / most) * height;
  const daily = bars.length !== 24;
  const first = bars[0]?.start;
  return (
    <figure>
      <svg role="img" aria-label={`${label}, most at once: ${most}`} viewBox={`0 0 ${bars.length} ${height}`} preserveAspectRatio="none" className="h-28 w-full">
        {bars.map(({ start, requests, failed }, index) => (
          <g key={start}>
            <title>{`${absoluteTime(start)}: ${requests} requests, ${failed} refused or failed`}</title>
            <rect x={index} y={0} width={1} height={height} fill="transparent" />
            <rect x={index + gap / 2} y={height - 1} width={1 - gap} height={1} className="fill-line" />
            <rect x={index + gap / 2} y={height - tall(requests)} width={1 - gap} height={tall(requests)} className="fill-accent" />
            <rect x={index + gap / 2} y={height - tall(failed)} width={1 - gap} height={tall(failed)} className="fill-bad" />
          </g>
        ))}
      </svg>
      <figcaption className="mt-1 flex flex-wrap justify-between gap-x-4 text-xs text-muted">
        <span>{first !== undefined && absoluteTime(first)}</span>
        <span>
          <span aria-hidden className="mr-1 inline-block size-2 rounded-full bg-accent" />
          answered
          <span aria-hidden className="mr-1 ml-3 inline-block size-2 rounded-full bg-bad" />
          refused or failed, by {daily ? 'day (UTC)' : 'hour'}
        </span>
        <span>now</span>
      </figcaption>
    </figure>
  );
}

function TopPaths({ traffic }: { traffic: Traffic }) {
  if (traffic.topPaths.length === 0) return <p className="text-muted">Nobody has looked at it yet.</p>;
  return (
    <div className="overflow-x-auto">
      <table className="w-full text-left">
        <caption className="mb-1 text-left font-medium">Asked for most</caption>
        <thead className="sr-only">
          <tr>
            <th scope="col">Path</th>
            <th scope="col">Requests</th>
          </tr>
        </thead>
        <tbody>
          {traffic.topPaths.slice(0, 10).map(({ path, requests }) => (
            <tr key={path} className="border-t border-line">
              <td className="py-1.5 pr-4 font-mono text-xs break-all">{path}</td>
              <td className="tabular py-1.5 text-right">{requests.toLocaleString('en')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
