import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { createDeployment, uploadDeployment } from '../api/endpoints';
import { ApiError, isAbort, type FieldErrors } from '../api/errors';
import { deploymentKey, useDeploymentsChanged } from '../deployments/queries';
import { PageHeader } from '../ui/PageHeader';
import { toast } from '../ui/toastStore';
import { usePageTitle } from '../ui/usePageTitle';
import { BuildStep } from './BuildStep';
import { buildProblems, initialForm, requestOf, sourceProblems, stepOf, uploadOf, type DeployForm } from './deployForm';
import { ReviewStep } from './ReviewStep';
import { SourceStep } from './SourceStep';
import { Steps } from './Steps';

export default function DeployPage() {
  usePageTitle('New deployment');
  const [params, setParams] = useSearchParams();
  const [form, setForm] = useState<DeployForm>(() => initialForm(params));
  const [fields, setFields] = useState<FieldErrors>({});
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [sent, setSent] = useState<number | null>(null);
  const upload = useRef<AbortController | null>(null);
  const changed = useDeploymentsChanged();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const step = reachable(Number(params.get('step') ?? '1'), form);
  const body = useFocusOnStep(step, fields);

  // Who leaves the page stops what it was sending.
  useEffect(() => () => upload.current?.abort(), []);

  function change(part: Partial<DeployForm>) {
    setForm((before) => ({ ...before, ...part }));
    setError(null);
  }

  function goTo(next: number) {
    setParams((before) => {
      const target = new URLSearchParams(before);
      if (next === 1) target.delete('step');
      else target.set('step', String(next));
      return target;
    });
  }

  function leave(from: 1 | 2) {
    const problems = from === 1 ? sourceProblems(form) : buildProblems(form);
    setFields(problems);
    if (Object.keys(problems).length === 0) goTo(from + 1);
  }

  function start() {
    if (form.source !== 'upload' || !form.file) return createDeployment(requestOf(form));
    upload.current = new AbortController();
    setSent(0);
    return uploadDeployment(uploadOf(form, form.file), setSent, upload.current.signal);
  }

  async function deploy() {
    setBusy(true);
    setError(null);
    try {
      const deployment = await start();
      queries.setQueryData(deploymentKey(deployment.id), deployment);
      changed();
      toast.success('Deployment started', 'The log follows as it is written.');
      void navigate(`/deployments/${deployment.id}`);
    } catch (failure) {
      setBusy(false);
      setSent(null);
      if (isAbort(failure)) return;
      const refused = failure instanceof ApiError ? Object.keys(failure.fields) : [];
      const first = refused[0];
      if (failure instanceof ApiError && first) {
        setFields(failure.fields);
        goTo(Math.min(...refused.map(stepOf)));
      } else {
        setError(failure);
      }
    }
  }

  return (
    <div className="mx-auto max-w-3xl">
      <PageHeader title="New deployment" text="From source to site in three steps." />
      <Steps current={step} onGo={goTo} />
      <div ref={body}>
        {step === 1 && <SourceStep form={form} errors={fields} onChange={change} onNext={() => leave(1)} />}
        {step === 2 && (
          <BuildStep form={form} errors={fields} onChange={change} onBack={() => goTo(1)} onNext={() => leave(2)} />
        )}
        {step === 3 && (
          <ReviewStep form={form} error={error} busy={busy} sent={sent} onBack={() => goTo(2)} onDeploy={() => void deploy()} onStop={() => upload.current?.abort()} />
        )}
      </div>
    </div>
  );
}

/** A step that was linked to or reloaded is shown only if what comes before it is filled in. */
function reachable(wanted: number, form: DeployForm): 1 | 2 | 3 {
  if (Object.keys(sourceProblems(form)).length > 0 || !(wanted >= 2)) return 1;
  return wanted >= 3 && Object.keys(buildProblems(form)).length === 0 ? 3 : 2;
}

/** Each step begins at its heading, and a refused one at its first refused field. */
function useFocusOnStep(step: number, fields: FieldErrors) {
  const body = useRef<HTMLDivElement>(null);
  const shownStep = useRef(step);
  const shownFields = useRef(fields);

  useEffect(() => {
    const stepChanged = shownStep.current !== step;
    shownStep.current = step;
    const invalid = body.current?.querySelector<HTMLElement>('[aria-invalid="true"]');
    if (invalid && shownFields.current !== fields) {
      shownFields.current = fields;
      invalid.focus();
    } else if (stepChanged) {
      body.current?.querySelector<HTMLElement>('h2')?.focus();
    }
  }, [step, fields]);

  return body;
}
