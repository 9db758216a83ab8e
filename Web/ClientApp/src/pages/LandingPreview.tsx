const lines = [
  ['00:00', 'Checked out main at 4f1c9ab', ''],
  ['00:01', 'Detected Vite, npm, Node 20', ''],
  ['00:01', '$ npm ci', 'text-ink'],
  ['00:06', 'added 184 packages in 5s', ''],
  ['00:06', '$ npm run build', 'text-ink'],
  ['00:09', '✓ 312 modules transformed', 'text-ok'],
  ['00:09', 'dist/index.html   0.46 kB', ''],
  ['00:10', 'Published 14 files', 'text-ok'],
] as const;

const stages = ['Queued', 'Building', 'Deploying', 'Success'];

/** A picture of a deployment, drawn with the product's own parts. It is an illustration, so it is hidden from readers. */
export function LandingPreview() {
  return (
    <div aria-hidden className="panel overflow-hidden shadow-raised select-none">
      <div className="flex items-center justify-between gap-3 border-b border-line px-4 py-3 text-sm">
        <span className="font-medium">
          acme/storefront <span className="font-normal text-muted">· main</span>
        </span>
        <span className="rounded-full bg-ok-soft px-2 py-0.5 text-xs font-medium text-ok">Success</span>
      </div>
      <div className="grid grid-cols-4 gap-1.5 border-b border-line px-4 py-3">
        {stages.map((stage) => (
          <span key={stage} className="truncate text-xs text-muted">
            <span className="mb-1.5 block h-1 rounded-full bg-ok" />
            {stage}
          </span>
        ))}
      </div>
      <div className="bg-sunken px-4 py-4 font-mono text-[0.78rem] leading-6">
        {lines.map(([time, text, tone], index) => (
          <p key={index} className="flex gap-4 whitespace-pre">
            <span className="text-muted">{time}</span>
            <span className={tone || 'text-muted'}>{text}</span>
          </p>
        ))}
      </div>
      <div className="flex items-center justify-between gap-3 border-t border-line px-4 py-3 text-sm">
        <span className="truncate font-mono text-[0.8rem] text-accent">storefront.apps.localhost</span>
        <span className="tabular text-muted">10 s</span>
      </div>
    </div>
  );
}
