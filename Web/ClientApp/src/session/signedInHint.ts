const key = 'autostack.signed-in';

/*
 * The cookies are invisible to scripts, so the browser remembers whether somebody signed in here. It only decides
 * what is offered first (a link to the dashboard, one refresh attempt); it grants nothing.
 */
export function hasSignedInHint(): boolean {
  try {
    return localStorage.getItem(key) === '1';
  } catch {
    // Storage is forbidden in this browser: behave as for a first visit.
    return false;
  }
}

export function setSignedInHint(signedIn: boolean): void {
  try {
    if (signedIn) localStorage.setItem(key, '1');
    else localStorage.removeItem(key);
  } catch {
    // Storage is forbidden in this browser: the hint is a comfort, not a need.
  }
}
