import { useQuery, useQueryClient } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { listTokens, revokeToken } from '../api/tokens';
import type { ApiToken, CreatedApiToken } from '../api/types';
import { useAllOrganizations } from '../organizations/queries';
import { ConfirmButton } from '../ui/ConfirmButton';
import { CopyButton } from '../ui/CopyButton';
import { buttonStyle } from '../ui/buttonStyle';
import { EmptyState } from '../ui/EmptyState';
import { ErrorNotice } from '../ui/ErrorNotice';
import { RelativeTime } from '../ui/Time';
import { toast } from '../ui/toastStore';
import { Loaded } from './Loaded';
import { Section } from './Section';
import { TokenForm } from './TokenForm';
import { useAction } from './useAction';

const tokensKey = ['tokens'];

export function TokensTab() {
  const tokens = useQuery({ queryKey: tokensKey, queryFn: ({ signal }) => listTokens(signal) });
  const queries = useQueryClient();
  const [created, setCreated] = useState<CreatedApiToken | null>(null);

  function onCreated(token: CreatedApiToken) {
    setCreated(token);
    void queries.invalidateQueries({ queryKey: tokensKey });
  }

  return (
    <>
      <Section title="New API token" text="For scripts and programs that act in your name, as far as you allow.">
        {created ? <Created token={created} onDone={() => setCreated(null)} /> : <TokenForm onCreated={onCreated} />}
      </Section>
      <Section title="Your API tokens">
        <Loaded query={tokens} title="Your tokens could not be loaded">
          {(list) =>
            list.length === 0 ? <EmptyState Icon={KeyRound} title="No tokens" text="What you create is listed here, without its secret." /> : <TokenList tokens={list} />
          }
        </Loaded>
      </Section>
    </>
  );
}

/** The one moment in which the token can be seen. */
function Created({ token, onDone }: { token: CreatedApiToken; onDone: () => void }) {
  return (
    <div role="status" className="rounded-[10px] border border-line bg-sunken p-4">
      <p className="font-medium">Copy “{token.details.name}” now</p>
      <p className="mt-0.5 text-muted">It is not shown again. Keep it like a password.</p>
      <p className="my-3 font-mono text-[0.8125rem] break-all">{token.token}</p>
      <div className="flex flex-wrap gap-2">
        <CopyButton text={token.token} label="Copy token" size="small" />
        <button type="button" className={buttonStyle('secondary', 'small')} onClick={onDone}>
          Done
        </button>
      </div>
    </div>
  );
}

function TokenList({ tokens }: { tokens: ApiToken[] }) {
  const queries = useQueryClient();
  const organizations = useAllOrganizations();
  const { busy, error, run } = useAction();

  function revoke(token: ApiToken) {
    void run(async () => {
      await revokeToken(token.id);
      await queries.invalidateQueries({ queryKey: tokensKey });
      toast.success(`“${token.name}” is revoked`, 'It does not work any more.');
    });
  }

  return (
    <>
      {error !== null && <ErrorNotice title="The token was not revoked" error={error} />}
      <ul className="divide-y divide-line">
        {tokens.map((token) => (
          <li key={token.id} className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 py-3 first:pt-0">
            <div className="min-w-0 flex-1 basis-64">
              <p className="font-medium">
                {token.name} <code className="ml-1 font-mono text-xs font-normal text-muted">{token.hint}…</code>
                {token.expired && <span className="ml-2 text-[0.8125rem] font-normal text-bad">expired</span>}
              </p>
              <p className="mt-0.5 font-mono text-xs break-words text-muted">{token.scopes.join(', ')}</p>
              <p className="mt-0.5 text-[0.8125rem] text-muted">
                {token.organizationId && `Only ${organizations.data?.find(({ id }) => id === token.organizationId)?.name ?? 'one organization'} · `}
                {token.expiresAt ? (
                  <>
                    {token.expired ? 'expired' : 'expires'} <RelativeTime at={token.expiresAt} />
                  </>
                ) : (
                  'never expires'
                )}
                {' · '}
                {token.lastUsedAt ? (
                  <>
                    used <RelativeTime at={token.lastUsedAt} />
                    {token.lastUsedIp && ` from ${token.lastUsedIp}`}
                  </>
                ) : (
                  'never used'
                )}
              </p>
            </div>
            <ConfirmButton
              label="Revoke"
              subject={token.name}
              question="Whatever uses it stops working."
              confirm="Revoke"
              busy={busy}
              onConfirm={() => revoke(token)}
            />
          </li>
        ))}
      </ul>
    </>
  );
}
