import { useQuery } from '@tanstack/react-query';
import { listProviders, providerUrl } from '../api/account';
import type { Provider } from '../api/types';
import { buttonStyle } from '../ui/buttonStyle';
import { toast } from '../ui/toastStore';

/** The providers that this installation has; nothing when there are none, or when they cannot be asked for: the form works alone. */
export function ProviderButtons({ returnTo }: { returnTo: string }) {
  const providers = useQuery({
    queryKey: ['session', 'providers'],
    queryFn: ({ signal }) => listProviders(signal),
    staleTime: 10 * 60_000,
    retry: false,
  });
  if (!providers.data?.length) return null;

  async function go(provider: Provider) {
    try {
      window.location.assign(await providerUrl(provider, new URL(returnTo, window.location.origin).toString()));
    } catch (error) {
      toast.error(`${provider.name} cannot be reached`, error);
    }
  }

  return (
    <>
      <div className="my-5 flex items-center gap-3 text-[0.8125rem] text-muted" aria-hidden>
        <span className="h-px flex-1 bg-line" />
        or
        <span className="h-px flex-1 bg-line" />
      </div>
      <div className="grid gap-2">
        {providers.data.map((provider) => (
          <button key={provider.id} type="button" onClick={() => void go(provider)} className={buttonStyle('secondary')}>
            Continue with {provider.name}
          </button>
        ))}
      </div>
    </>
  );
}
