import { Rocket } from 'lucide-react';
import { EmailNotVerified, isEmailNotVerified } from '../account/EmailNotVerified';
import { useAllOrganizations } from '../organizations/queries';
import { buttonStyle } from '../ui/buttonStyle';
import { ErrorNotice } from '../ui/ErrorNotice';
import { requestOf, wizardPath, type DeployForm } from './deployForm';
import { StepForm } from './StepForm';

interface ReviewStepProps {
  form: DeployForm;
  error: unknown;
  busy: boolean;
  onBack: () => void;
  onDeploy: () => void;
}

export function ReviewStep({ form, error, busy, onBack, onDeploy }: ReviewStepProps) {
  const request = requestOf(form);
  const organizations = useAllOrganizations(Boolean(form.owner));
  const variables = Object.keys(request.envVars ?? {});
  const facts: [string, string | undefined][] = [
    ...(form.owner ? [['Owner', organizations.data?.find(({ id }) => id === form.owner)?.name ?? form.owner] as [string, string]] : []),
    ['Source', request.repository],
    ['Branch', request.branch],
    ['Root directory', request.rootDir],
    ['Install command', request.installCommand],
    ['Build command', request.buildCommand],
    ['Output directory', request.outputDir],
    ['Environment variables', variables.length > 0 ? variables.join(', ') : 'None'],
  ];
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
