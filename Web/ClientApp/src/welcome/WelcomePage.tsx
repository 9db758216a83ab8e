import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link, Navigate, useSearchParams } from 'react-router';
import { getOnboarding, saveOnboarding } from '../api/account';
import type { Onboarding, OnboardingRequest } from '../api/types';
import { nextPath } from '../session/nextPath';
import { useAction } from '../settings/useAction';
import { buttonStyle } from '../ui/buttonStyle';
import { ErrorNotice } from '../ui/ErrorNotice';
import { Notice } from '../ui/Notice';
import { PageSkeleton } from '../ui/Skeleton';
import { usePageTitle } from '../ui/usePageTitle';
import { ChoiceForm } from './ChoiceForm';
import { hostingOptions, hostingTargets, userTypes } from './choices';
import { gitHubAppWord } from './gitHubAppWords';
import { GitHubAppStep } from './GitHubAppStep';

type Step = 'user_type' | 'hosting_option' | 'hosting_target' | 'github_app';

const key = ['onboarding'];

/** The journey after sign-up: who somebody is, who hosts, and where. Each step can be left out. */
export default function WelcomePage() {
  usePageTitle('Welcome');
  const [params] = useSearchParams();
  const onboarding = useQuery({ queryKey: key, queryFn: ({ signal }) => getOnboarding(signal) });

  if (onboarding.isPending) return <PageSkeleton />;
  if (!onboarding.data) {
    return (
      <>
        <h1 className="sr-only">Welcome</h1>
        <ErrorNotice title="Your choices could not be loaded" error={onboarding.error} onRetry={() => void onboarding.refetch()} />
        <p className="mt-4">
          <Link to={nextPath(params)} className="text-link">
            Go on without
          </Link>
        </p>
      </>
    );
  }
  return <Journey onboarding={onboarding.data} />;
}

function Journey({ onboarding: first }: { onboarding: Onboarding }) {
  const [params] = useSearchParams();
  const queries = useQueryClient();
  const { busy, error, run } = useAction();
  const next = nextPath(params);
  // Beside the step and not read from the cache: the two change together.
  const [onboarding, setOnboarding] = useState(first);
  const steps = stepsOf(onboarding);
  // Who comes to change something begins at the beginning, all others where they stopped.
  const [step, setStep] = useState<Step | null>(params.has('change') ? 'user_type' : (first.nextStep as Step | null));
  const word = gitHubAppWord(params);

  if (step === null || !steps.includes(step)) return <Navigate to={next} replace />;
  const at = steps.indexOf(step);
  const before = steps[at - 1];

  function save(body: OnboardingRequest) {
    void run(async () => {
      const saved = await saveOnboarding(body);
      queries.setQueryData(key, saved);
      void queries.invalidateQueries({ queryKey: ['profile'] });
      const after = stepsOf(saved);
      setOnboarding(saved);
      setStep(after[after.indexOf(step as Step) + 1] ?? null);
    });
  }

  const footer = (
    <>
      {before && (
        <button type="button" className={buttonStyle('quiet')} onClick={() => setStep(before)}>
          Back
        </button>
      )}
      <Link to={next} className={buttonStyle('secondary')}>
        {params.has('change') ? 'Cancel' : 'Skip for now'}
      </Link>
      {step !== 'github_app' && (
        <button type="submit" aria-disabled={busy} className={buttonStyle('primary')}>
          {busy ? 'Saving…' : 'Continue'}
        </button>
      )}
    </>
  );
  const common = { error, footer };
  return (
    <div className="mx-auto max-w-xl">
      <h1 className="text-xl font-semibold">{params.has('change') ? 'How you work' : 'Welcome to Autostack'}</h1>
      <p className="mt-0.5 text-muted" aria-live="polite">
        Step {at + 1} of {steps.length}. You can change all of it later in the settings.
      </p>
      {word && <Notice tone={word.tone}>{word.text}</Notice>}
      <div className="mt-6">
        {step === 'user_type' && (
          <ChoiceForm key={step} title="Who are you?" text="So that we offer what fits." choices={userTypes} chosen={onboarding.userType} onChoose={(userType) => save({ userType })} {...common} />
        )}
        {step === 'hosting_option' && (
          <ChoiceForm key={step} title="Who hosts your sites?" text="Where what you build is served from." choices={hostingOptions} chosen={onboarding.hostingOption} onChoose={(hostingOption) => save({ hostingOption })} {...common} />
        )}
        {step === 'hosting_target' && (
          <ChoiceForm key={step} title="Where do you host?" text="The place of your own." choices={hostingTargets} chosen={onboarding.hostingTarget} onChoose={(hostingTarget) => save({ hostingTarget })} {...common} />
        )}
        {step === 'github_app' && <GitHubAppStep url={onboarding.githubAppUrl as string} next={next} footer={footer} />}
      </div>
      <FocusOnStep step={step} />
    </div>
  );
}

/** The steps that these answers lead through. */
function stepsOf({ hostingOption, hostingTarget, githubAppUrl, githubAppInstalled }: Onboarding): Step[] {
  const steps: Step[] = ['user_type', 'hosting_option'];
  if (hostingOption !== 'self_hosting') return steps;
  steps.push('hosting_target');
  if (hostingTarget === 'github' && githubAppUrl && !githubAppInstalled) steps.push('github_app');
  return steps;
}

/** A new question begins at its first answer. */
function FocusOnStep({ step }: { step: Step }) {
  const [shown] = useState({ step });
  useEffect(() => {
    if (shown.step === step) return;
    shown.step = step;
    document.querySelector<HTMLElement>('#main input:checked, #main input[type="radio"], #main [data-step-start]')?.focus();
  }, [shown, step]);
  return null;
}
