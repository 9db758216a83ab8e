import { useState } from 'react';
import { getPreferences, savePreferences } from '../api/account';
import type { ThemeChoice } from './theme';

/** Keeps the theme with the account as well. */
export function useSavedTheme() {
  const [error, setError] = useState<unknown>(null);

  function save(theme: ThemeChoice): void {
    setError(null);
    getPreferences()
      .then((current) => savePreferences({ ...current, theme }))
      .catch(setError);
  }

  return { error, save };
}
