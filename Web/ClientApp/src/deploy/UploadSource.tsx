import { FileArchive } from 'lucide-react';
import { useState, type DragEvent } from 'react';
import type { FieldErrors } from '../api/errors';
import { useProject } from '../projects/queries';
import { bytes } from '../ui/format';
import { Field } from '../ui/Field';
import type { DeployForm } from './deployForm';

const longestName = 100;

interface UploadSourceProps {
  form: DeployForm;
  errors: FieldErrors;
  onChange: (part: Partial<DeployForm>) => void;
}

/** An archive from the reader's computer: dropped, or chosen. */
export function UploadSource({ form, errors, onChange }: UploadSourceProps) {
  const [over, setOver] = useState(false);

  function take(file: File | undefined) {
    if (!file) return;
    onChange({ file, projectName: form.projectName || file.name.replace(/\.(zip|tgz|tar\.gz)$/i, '').slice(0, longestName) });
  }

  function onDrop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files[0]);
  }

  return (
    <>
      {form.project && <ForProject id={form.project} />}
      <div
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={onDrop}
        className={`rounded-lg border border-dashed p-4 ${over ? 'border-accent bg-accent-soft' : 'border-control'}`}
      >
        <Field label="Archive" hint="A .zip or .tar.gz of the project, without node_modules. Drop it here, or choose it." errors={errors.file ?? errors.repository}>
          {(control) => (
            <input
              {...control}
              type="file"
              accept=".zip,.tgz,.gz,application/zip,application/gzip"
              onChange={(event) => take(event.currentTarget.files?.[0])}
              className="block w-full text-[0.8125rem] file:mr-3 file:min-h-9 file:cursor-pointer file:rounded-[7px] file:border file:border-control/60 file:bg-surface file:px-3.5 file:text-sm file:font-medium file:text-ink"
            />
          )}
        </Field>
        {form.file && (
          <p role="status" className="mt-2 flex items-center gap-2 break-all">
            <FileArchive aria-hidden className="size-4 shrink-0 text-muted" /> {form.file.name} ({bytes(form.file.size)})
          </p>
        )}
      </div>
      {!form.project && (
        <Field label="Project name" errors={errors.name}>
          {(control) => (
            <input {...control} value={form.projectName} maxLength={longestName} autoComplete="off" onChange={(event) => onChange({ projectName: event.target.value })} className="control sm:max-w-80" />
          )}
        </Field>
      )}
    </>
  );
}

function ForProject({ id }: { id: string }) {
  const project = useProject(id);
  return <p>A new version of {project.data ? <strong className="font-medium">{project.data.name}</strong> : 'the project'}.</p>;
}
