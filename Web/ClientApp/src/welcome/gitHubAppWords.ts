const refusals: Record<string, string> = {
  GITHUB_APP_STATE_INVALID: 'The installation began too long ago, or in another browser. Try it again.',
  GITHUB_APP_INSTALLATION_NOT_FOUND: 'GitHub does not know this installation. Try it again.',
  GITHUB_APP_INSTALLATION_NOT_YOURS: 'This installation belongs to another GitHub account.',
  GITHUB_APP_FAILED: 'GitHub did not complete the installation. Try it again.',
};

/** What the detour to GitHub left in the address. */
export function gitHubAppWord(params: URLSearchParams): { tone: 'ok' | 'bad'; text: string } | null {
  const error = params.get('error');
  if (error) return { tone: 'bad', text: refusals[error] ?? 'The installation did not work. Try it again.' };
  if (params.get('notice') === 'GITHUB_APP_REQUESTED') {
    return { tone: 'ok', text: 'An owner of the GitHub organization was asked to install the App. Come back when they did.' };
  }
  return params.get('github') === 'installed' ? { tone: 'ok', text: 'The GitHub App is installed.' } : null;
}
