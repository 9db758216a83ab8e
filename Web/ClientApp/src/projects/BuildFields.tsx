import type { FieldErrors } from '../api/errors';
import { Field } from '../ui/Field';
import type { BuildSettings } from './buildSettings';
import { TextSetting } from './TextSetting';

const detected = [
  { name: 'rootDir', label: 'Root directory', placeholder: './' },
  { name: 'nodeVersion', label: 'Node version', placeholder: 'As the repository says' },
  { name: 'installCommand', label: 'Install command', placeholder: 'Detected, e.g. npm ci' },
  { name: 'buildCommand', label: 'Build command', placeholder: 'Detected, e.g. npm run build' },
  { name: 'outputDir', label: 'Output directory', placeholder: 'Detected, e.g. dist' },
] as const;

interface BuildFieldsProps {
  values: Partial<BuildSettings>;
  /** Branches that are known, to choose from. */
  branches?: string[];
  errors: FieldErrors;
}

/** How a project is built, and what makes it deploy. */
export function BuildFields({ values, branches, errors }: BuildFieldsProps) {
  return (
    <>
      {/* Another repository's branch takes the place of what stands there. */}
      <TextSetting key={values.branch} name="branch" label="Production branch" value={values.branch} suggestions={branches} errors={errors} />
      {detected.map((setting) => (
        <TextSetting key={setting.name} {...setting} optional value={values[setting.name]} errors={errors} />
      ))}
      <div className="sm:col-span-2">
        <Field
          label="Watch paths"
          optional
          hint="One pattern per line, such as apps/web/**. A push deploys only if it touches one of them."
          errors={errors.watchPaths}
        >
          {(control) => (
            <textarea {...control} name="watchPaths" rows={3} spellCheck={false} autoCapitalize="none" defaultValue={values.watchPaths?.join('\n')} className="control font-mono text-[0.8125rem]" />
          )}
        </Field>
      </div>
      <Switch name="autoDeploy" label="Deploy on every push" text="Pushes to the branch go live, other branches get previews." on={values.autoDeploy ?? false} />
      <Switch name="submodules" label="Check out submodules" text="Fetches the repository's submodules, too." on={values.submodules ?? false} />
    </>
  );
}

export function Switch({ name, label, text: explanation, on }: { name: string; label: string; text: string; on: boolean }) {
  return (
    <label className="flex items-start gap-3">
      <input type="checkbox" name={name} defaultChecked={on} className="mt-0.5 size-4 shrink-0 accent-accent" />
      <span>
        <span className="font-medium">{label}</span>
        <span className="block text-muted">{explanation}</span>
      </span>
    </label>
  );
}
