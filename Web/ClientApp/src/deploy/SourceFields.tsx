import { useQuery } from '@tanstack/react-query';
import clsx from 'clsx';
import { Boxes, FolderGit2, GitBranch, PackageOpen, Upload } from 'lucide-react';
import { listSamples } from '../api/endpoints';
import type { FieldErrors } from '../api/errors';
import { useGitHubConnection } from '../github/queries';
import { ChoiceCard, ChoiceError } from '../ui/ChoiceCard';
import { EmptyState } from '../ui/EmptyState';
import { ErrorNotice } from '../ui/ErrorNotice';
import { Field } from '../ui/Field';
import { Loading, Skeleton } from '../ui/Skeleton';
import type { DeployForm, SourceKind } from './deployForm';
import { GitHubSource } from './GitHubSource';
import { OwnerField } from './OwnerField';
import { UploadSource } from './UploadSource';

export interface SourceFieldsProps {
  form: DeployForm;
  errors: FieldErrors;
  /** Kinds that do not fit. */
  without?: SourceKind;
  onChange: (part: Partial<DeployForm>) => void;
}

const kinds = [
  { value: 'sample', label: 'Sample', Icon: Boxes },
  { value: 'github', label: 'GitHub', Icon: FolderGit2 },
  { value: 'git', label: 'Git repository', Icon: GitBranch },
  { value: 'upload', label: 'Upload', Icon: Upload },
] as const;

/** Whose it is, and where its source comes from. */
export function SourceFields({ form, errors, without, onChange }: SourceFieldsProps) {
  const gitHub = useGitHubConnection();
  const offered = kinds.filter(({ value }) => value === form.source || (value !== without && (value !== 'github' || gitHub.data?.available !== false)));
  return (
    <>
      {!form.project && <OwnerField owner={form.owner} errors={errors.owner} onChoose={(owner) => onChange({ owner })} />}
      <fieldset className="inline-flex flex-wrap justify-self-start rounded-lg bg-sunken p-1">
        <legend className="sr-only">Kind of source</legend>
        {offered.map(({ value, label, Icon }) => (
          <KindChoice key={value} value={value} checked={form.source === value} onChoose={(source) => onChange({ source, project: '' })}>
            <Icon aria-hidden className="size-4" /> {label}
          </KindChoice>
        ))}
      </fieldset>
      {form.source === 'sample' && (
        <SampleList chosen={form.sample} errors={errors.repository} onChoose={(sample) => onChange({ sample })} />
      )}
      {form.source === 'github' && (
        <GitHubSource
          chosen={form.gitHubRepository}
          errors={errors.repository}
          onChoose={(gitHubRepository, branch) => onChange({ gitHubRepository, branch })}
        />
      )}
      {form.source === 'upload' && <UploadSource form={form} errors={errors} onChange={onChange} />}
      {form.source === 'git' && (
        <Field label="Repository URL" hint="A public repository over https." errors={errors.repository}>
          {(control) => (
            <input
              {...control}
              type="url"
              inputMode="url"
              autoComplete="off"
              spellCheck={false}
              placeholder="https://github.com/owner/name"
              value={form.gitUrl}
              onChange={(event) => onChange({ gitUrl: event.target.value })}
              className="control font-mono text-[0.8125rem]"
            />
          )}
        </Field>
      )}
    </>
  );
}

function KindChoice(props: {
  value: SourceKind;
  checked: boolean;
  onChoose: (kind: SourceKind) => void;
  children: React.ReactNode;
}) {
  return (
    <label
      className={clsx(
        'relative inline-flex cursor-pointer items-center gap-1.5 rounded-md px-3 py-1.5 has-focus-visible:outline-2 has-focus-visible:outline-accent',
        props.checked ? 'bg-surface font-medium shadow-sm' : 'text-muted hover:text-ink',
      )}
    >
      <input
        type="radio"
        name="source-kind"
        value={props.value}
        checked={props.checked}
        onChange={() => props.onChoose(props.value)}
        className="absolute inset-0 cursor-pointer appearance-none outline-none"
      />
      {props.children}
    </label>
  );
}

function SampleList({
  chosen,
  errors,
  onChoose,
}: {
  chosen: string;
  errors?: string[];
  onChoose: (name: string) => void;
}) {
  const samples = useQuery({ queryKey: ['samples'], queryFn: ({ signal }) => listSamples(signal), staleTime: 300_000 });

  if (samples.isPending) {
    return (
      <Loading label="Loading samples">
        <div className="grid gap-3 sm:grid-cols-2">
          <Skeleton className="h-20" />
          <Skeleton className="h-20" />
          <Skeleton className="h-20" />
        </div>
      </Loading>
    );
  }
  if (samples.isError) {
    return (
      <ErrorNotice title="The samples could not be loaded" error={samples.error} onRetry={() => void samples.refetch()} />
    );
  }
  if (samples.data.length === 0) {
    return <EmptyState Icon={PackageOpen} title="No samples here" text="This installation has none. Use a Git repository." />;
  }
  return (
    <fieldset aria-describedby={errors ? 'sample-error' : undefined}>
      <legend className="sr-only">Sample</legend>
      <div className="grid gap-3 sm:grid-cols-2">
        {samples.data.map((sample, index) => (
          <ChoiceCard
            key={sample.name}
            name="sample"
            value={sample.name}
            title={sample.title}
            text={sample.description}
            checked={chosen === sample.name}
            invalid={errors !== undefined && index === 0}
            onChoose={() => onChoose(sample.name)}
          />
        ))}
      </div>
      {errors && <ChoiceError id="sample-error">{errors.join(' ')}</ChoiceError>}
    </fieldset>
  );
}
