import { Rocket } from 'lucide-react';
import { EmailNotVerified, isEmailNotVerified } from '../account/EmailNotVerified';
import { useAllOrganizations } from '../organizations/queries';
import { buttonStyle } from '../ui/buttonStyle';
import { ErrorNotice } from '../ui/ErrorNotice';
import { bytes } from '../ui/format';
import { requestOf, uploadOf, wizardPath, type DeployForm } from './deployForm';
import { StepForm } from './StepForm';

interface ReviewStepProps {
  form: DeployForm;
  error: unknown;
  busy: boolean;
  /** How much of the archive has been sent, from 0 to 1; null where nothing is sent. */
  sent: number | null;
  onBack: () => void;
  onDeploy: () => void;
  onStop: () => void;
}

export function ReviewStep({ form, error, busy, sent, onBack, onDeploy, onStop }: ReviewStepProps) {
  const organizations = useAllOrganizations(Boolean(form.owner));
  const facts = form.source === 'upload' ? uploadFacts(form) : repositoryFacts(form);
  const owner = organizations.data?.find(({ id }) => id === form.owner)?.name ?? form.owner;
  if (form.owner) facts.unshift(['Owner', owner]);
  return (
    <StepForm
      title="Ready to deploy"
      text="The build starts at once. You will see its log while it runs."
      onSubmit={() => {
        if (!busy) onDeploy();
      }}
      footer={
        <>
          <button type="button" className={buttonStyle('secondary')} onClick={onBack}>
            Back
          </button>
          <button type="submit" aria-disabled={busy} className={buttonStyle('primary')}>
            <Rocket aria-hidden className="size-4" /> {busy ? 'Starting…' : 'Deploy'}
          </button>
        </>
      }
    >
      {error !== null &&
        (isEmailNotVerified(error) ? (
          <EmailNotVerified title="The deployment was not started" next={wizardPath(form)} />
        ) : (
          <ErrorNotice title="The deployment was not started" error={error} />
        ))}
      {sent !== null && <Sending sent={sent} onStop={onStop} />}
      <dl className="divide-y divide-line rounded-lg border border-line">
        {facts.map(([name, value]) => (
          <div key={name} className="grid gap-x-4 px-3.5 py-2 sm:grid-cols-[11rem_1fr]">
            <dt className="text-muted">{name}</dt>
            <dd className="font-mono text-[0.8125rem] leading-[1.6] break-all">
              {value ?? <span className="font-sans text-muted">Detected</span>}
            </dd>
          </div>
        ))}
      </dl>
    </StepForm>
  );
}

type Facts = [name: string, value: string | undefined][];

function repositoryFacts(form: DeployForm): Facts {
  const request = requestOf(form);
  return [
    ['Source', request.repository],
    ['Branch', request.branch],
    ['Root directory', request.rootDir],
    ['Install command', request.installCommand],
    ['Build command', request.buildCommand],
    ['Output directory', request.outputDir],
    ['Environment variables', namesOf(request.envVars)],
  ];
}

function namesOf(variables: object | null | undefined): string {
  return Object.keys(variables ?? {}).join(', ') || 'None';
}

function uploadFacts(form: DeployForm): Facts {
  if (!form.file) return [];
  const { name, rootDir, installCommand, buildCommand, outputDir, envVars, project } = uploadOf(form, form.file);
  const archive: Facts = [['Archive', `${form.file.name} (${bytes(form.file.size)})`]];
  if (project) return archive;
  return [
    ...archive,
    ['Project name', name ?? 'upload'],
    ['Root directory', rootDir],
    ['Install command', installCommand],
    ['Build command', buildCommand],
    ['Output directory', outputDir],
    ['Environment variables', namesOf(envVars)],
  ];
}

function Sending({ sent, onStop }: { sent: number; onStop: () => void }) {
  const percent = Math.floor(sent * 100);
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <label className="min-w-0 flex-1">
        <span className="mb-1.5 flex justify-between gap-4 text-[0.8125rem]">
          <span>{percent < 100 ? 'Sending the archive' : 'Looking into the archive'}</span>
          <span className="tabular text-muted">{percent} %</span>
        </span>
        <progress max={100} value={percent} className="block h-2 w-full accent-accent" />
      </label>
      <button type="button" className={buttonStyle('secondary', 'small')} onClick={onStop}>
        Stop
      </button>
    </div>
  );
}
