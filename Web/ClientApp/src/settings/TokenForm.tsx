import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { createToken, listScopes } from '../api/tokens';
import type { ApiScopes, CreateApiTokenRequest, CreatedApiToken } from '../api/types';
import { useAllOrganizations } from '../organizations/queries';
import { text } from '../pages/useAuthForm';
import { buttonStyle } from '../ui/buttonStyle';
import { ErrorNotice } from '../ui/ErrorNotice';
import { Field } from '../ui/Field';
import { Loaded } from './Loaded';
import { useAction } from './useAction';

const lifetimes = [7, 30, 90, 365];
const usual = 90;

export function TokenForm({ onCreated }: { onCreated: (token: CreatedApiToken) => void }) {
  const scopes = useQuery({ queryKey: ['tokens', 'scopes'], queryFn: ({ signal }) => listScopes(signal), staleTime: Infinity });
  return (
    <Loaded query={scopes} title="The scopes could not be loaded">
      {(catalogue) => <Filled catalogue={catalogue} onCreated={onCreated} />}
    </Loaded>
  );
}

function Filled({ catalogue, onCreated }: { catalogue: ApiScopes; onCreated: (token: CreatedApiToken) => void }) {
  const organizations = useAllOrganizations();
  const [organization, setOrganization] = useState('');
  const { busy, error, fields, setFields, run } = useAction();
  const { maxDays } = catalogue;
  const offered = lifetimes.filter((days) => maxDays === null || days < maxDays);
  if (maxDays !== null) offered.push(maxDays);

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const name = text(data, 'name').trim();
    const scopes = data.getAll('scopes').filter((scope) => typeof scope === 'string');
    if (!name || scopes.length === 0) {
      setFields({ ...(!name && { name: ['Tell what it is for.'] }), ...(scopes.length === 0 && { scopes: ['Choose at least one scope.'] }) });
      return;
    }
    const lifetime = text(data, 'lifetime');
    const request: CreateApiTokenRequest = { name, scopes, ...(lifetime === 'never' ? { neverExpires: true } : { expiresInDays: Number(lifetime) }) };
    if (organization) request.organizationId = organization;
    void run(async () => onCreated(await createToken(request)));
  }

  return (
    <form noValidate aria-label="New API token" onSubmit={onSubmit} className="grid gap-4">
      {error !== null && <ErrorNotice title="The token was not created" error={error} />}
      <Field label="Name" hint="What it is for, such as the name of the script." errors={fields.name}>
        {(control) => <input {...control} name="name" autoComplete="off" maxLength={100} className="control" />}
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Expires" errors={fields.expiresInDays ?? fields.neverExpires}>
          {(control) => (
            <select {...control} name="lifetime" defaultValue={offered.includes(usual) ? usual : offered.at(-1)} className="control">
              {offered.map((days) => (
                <option key={days} value={days}>
                  in {days} days
                </option>
              ))}
              {maxDays === null && <option value="never">never</option>}
            </select>
          )}
        </Field>
        {organizations.data && organizations.data.length > 0 && (
          <Field label="Works for" errors={fields.organizationId}>
            {(control) => (
              <select {...control} value={organization} onChange={(event) => setOrganization(event.target.value)} className="control">
                <option value="">everything of yours</option>
                {organizations.data.map(({ id, name }) => (
                  <option key={id} value={id}>
                    only {name}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
      </div>
      <fieldset aria-describedby={fields.scopes && 'scopes-error'}>
        <legend className="mb-1.5 text-[0.8125rem] font-medium">What it may do</legend>
        <div className="grid gap-x-4 gap-y-2 sm:grid-cols-2">
          {catalogue.scopes
            .filter(({ personal }) => !personal || !organization)
            .map((scope) => (
              <label key={scope.name} className="flex items-start gap-2.5">
                <input type="checkbox" name="scopes" value={scope.name} className="mt-0.5 size-4 shrink-0 accent-accent" />
                <span className="min-w-0">
                  <span className="block font-mono text-[0.8125rem]">{scope.name}</span>
                  <span className="block text-[0.8125rem] text-muted">{scope.description}</span>
                </span>
              </label>
            ))}
        </div>
        {fields.scopes && (
          <p id="scopes-error" role="alert" className="mt-1.5 text-[0.8125rem] text-bad">
            {fields.scopes.join(' ')}
          </p>
        )}
      </fieldset>
      <div>
        <button type="submit" aria-disabled={busy} className={buttonStyle('primary')}>
          {busy ? 'Creating…' : 'Create token'}
        </button>
      </div>
    </form>
  );
}
