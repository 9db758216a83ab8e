export type ThemeChoice = 'light' | 'dark' | 'system';

const key = 'autostack.theme';
const listeners = new Set<() => void>();
const systemDark = () => window.matchMedia('(prefers-color-scheme: dark)');

// The same rule stands in index.html, inline, so that the first paint already has the right colours.
export function readTheme(): ThemeChoice {
  try {
    const stored = localStorage.getItem(key);
    return stored === 'light' || stored === 'dark' ? stored : 'system';
  } catch {
    // Storage is forbidden in this browser: follow the system.
    return 'system';
  }
}

export function chooseTheme(choice: ThemeChoice): void {
  try {
    if (choice === 'system') localStorage.removeItem(key);
    else localStorage.setItem(key, choice);
  } catch {
    // Storage is forbidden in this browser: the choice holds until the page is left.
  }
  apply(choice);
  for (const listener of listeners) listener();
}

export function subscribeTheme(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function followSystemTheme(): void {
  systemDark().addEventListener('change', () => apply(readTheme()));
  window.addEventListener('storage', (event) => {
    if (event.key !== key) return;
    apply(readTheme());
    for (const listener of listeners) listener();
  });
}

function apply(choice: ThemeChoice): void {
  const dark = choice === 'dark' || (choice === 'system' && systemDark().matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
}
