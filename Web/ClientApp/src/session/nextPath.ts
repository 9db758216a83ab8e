/** Where to go after signing in. Only paths of this site: anything else could send people elsewhere with our blessing. */
export function nextPath(search: URLSearchParams): string {
  const next = search.get('next');
  if (!next) return '/dashboard';
  const origin = window.location.origin;
  const target = URL.canParse(next, origin) ? new URL(next, origin) : null;
  return next.startsWith('/') && target?.origin === origin
    ? `${target.pathname}${target.search}${target.hash}`
    : '/dashboard';
}

/** The journey of a new account comes before the page that was wanted, except where somebody waits for an answer. */
export function welcomePath(next: string): string {
  return next.startsWith('/invitations#') || next.startsWith('/welcome') ? next : `/welcome?next=${encodeURIComponent(next)}`;
}

export function loginPath(from: { pathname: string; search: string; hash: string }): string {
  return `/login?next=${encodeURIComponent(from.pathname + from.search + from.hash)}`;
}
