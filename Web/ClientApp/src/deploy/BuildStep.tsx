import { ArrowRight } from 'lucide-react';
import type { FieldErrors } from '../api/errors';
import { useBranches } from '../github/queries';
import { buttonStyle } from '../ui/buttonStyle';
import { Field } from '../ui/Field';
import type { DeployForm, TextField } from './deployForm';
import { StepForm } from './StepForm';

interface BuildStepProps {
  form: DeployForm;
  errors: FieldErrors;
  onChange: (part: Partial<DeployForm>) => void;
  onBack: () => void;
  onNext: () => void;
}

const overrides: { name: TextField; label: string; placeholder: string }[] = [
  { name: 'installCommand', label: 'Install command', placeholder: 'Detected, e.g. npm ci' },
  { name: 'buildCommand', label: 'Build command', placeholder: 'Detected, e.g. npm run build' },
  { name: 'outputDir', label: 'Output directory', placeholder: 'Detected, e.g. dist' },
];

export function BuildStep({ form, errors, onChange, onBack, onNext }: BuildStepProps) {
  const upload = form.source === 'upload';
  const branches = useBranches(form.source === 'github' ? form.gitHubRepository : '');
  return (
    <StepForm
      title="Configure the build"
      text="Whatever you leave empty is detected from the project."
      onSubmit={onNext}
      footer={
        <>
          <button type="button" className={buttonStyle('secondary')} onClick={onBack}>
            Back
          </button>
          <button type="submit" className={buttonStyle('primary')}>
            Continue <ArrowRight aria-hidden className="size-4" />
          </button>
        </>
      }
    >
      {form.project ? (
        <p>The project’s own settings are used.</p>
      ) : (
        <div className="grid gap-5 sm:grid-cols-2">
          {!upload && (
            <TextInput name="branch" label="Branch" suggestions={branches.data?.branches.map(({ name }) => name)} {...{ form, errors, onChange }} />
          )}
          <TextInput name="rootDir" label="Root directory" optional placeholder="./" {...{ form, errors, onChange }} />
          {overrides.map((field) => (
            <TextInput key={field.name} {...field} optional {...{ form, errors, onChange }} />
          ))}
        </div>
      )}
      {!form.project && <Variables {...{ form, errors, onChange }} />}
    </StepForm>
  );
}

type FieldProps = Pick<BuildStepProps, 'form' | 'errors' | 'onChange'>;

function Variables({ form, errors, onChange }: FieldProps) {
  return (
    <Field
      label="Environment variables"
      optional
      hint="One NAME=value per line, for this deployment's build. Their values are masked in the log."
      errors={errors.envVars}
    >
      {(control) => (
        <textarea
          {...control}
          rows={4}
          spellCheck={false}
          autoCapitalize="none"
          placeholder={'NODE_ENV=production\nAPI_URL=https://api.example.com'}
          value={form.envVars}
          onChange={(event) => onChange({ envVars: event.target.value })}
          className="control font-mono text-[0.8125rem]"
        />
      )}
    </Field>
  );
}

interface TextInputProps extends FieldProps {
  name: TextField;
  label: string;
  placeholder?: string;
  optional?: boolean;
  suggestions?: string[];
}

function TextInput(props: TextInputProps) {
  return (
    <Field label={props.label} optional={props.optional} errors={props.errors[props.name]}>
      {(control) => (
        <>
          <input
            {...control}
            list={props.suggestions && `${control.id}-list`}
            value={props.form[props.name]}
            placeholder={props.placeholder}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            onChange={(event) => props.onChange({ [props.name]: event.target.value })}
            className="control"
          />
          {props.suggestions && (
            <datalist id={`${control.id}-list`}>
              {props.suggestions.map((each) => (
                <option key={each} value={each} />
              ))}
            </datalist>
          )}
        </>
      )}
    </Field>
  );
}
