const codeKey = (language: string) => `autostack.run.code.${language}`;
const languageKey = 'autostack.run.language';

/** What was last typed, per language, kept in this browser only. */
export const drafts = {
  code: (language: string) => read(codeKey(language)),
  saveCode(language: string, code: string | null) {
    write(codeKey(language), code);
  },
  language: () => read(languageKey),
  saveLanguage(language: string) {
    write(languageKey, language);
  },
};

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    // Storage is forbidden in this browser: nothing was kept.
    return null;
  }
}

function write(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // Storage is full or forbidden: the draft lives as long as the page.
  }
}
