import { Play, RotateCcw, Square } from 'lucide-react';
import { useState } from 'react';
import type { Language } from '../api/types';
import { buttonStyle } from '../ui/buttonStyle';
import { CodeArea } from './CodeArea';
import { drafts } from './drafts';
import { Output } from './Output';
import { StdinField } from './StdinField';
import { useLiveRun } from './useLiveRun';

const shortcut = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘↵' : 'Ctrl ↵';

export function Runner({ languages }: { languages: Language[] }) {
  const [id, setId] = useState(() => firstLanguage(languages).id);
  const language = languages.find((each) => each.id === id) ?? firstLanguage(languages);
  const [code, setCode] = useState(() => drafts.code(language.id) ?? language.example);
  const [stdin, setStdin] = useState('');
  const { state, run, stop, write, endInput } = useLiveRun();
  const running = state.kind === 'running';

  function choose(next: string) {
    const chosen = languages.find((each) => each.id === next);
    if (!chosen) return;
    setId(chosen.id);
    setCode(drafts.code(chosen.id) ?? chosen.example);
    drafts.saveLanguage(chosen.id);
  }

  function type(text: string) {
    setCode(text);
    drafts.saveCode(language.id, text === language.example ? null : text);
  }

  function start() {
    void run({ language: language.id, code, stdin: stdin || undefined });
  }

  return (
    <form
      aria-label="Snippet"
      onSubmit={(event) => {
        event.preventDefault();
        start();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        start();
      }}
      className="grid items-start gap-4 lg:grid-cols-2"
    >
      <div className="panel min-w-0 overflow-hidden">
        <div className="flex flex-wrap items-center gap-2 border-b border-line px-3 py-2">
          <select
            aria-label="Language"
            value={language.id}
            onChange={(event) => choose(event.target.value)}
            className="control w-auto! max-w-56 py-1!"
          >
            {languages.map((each) => (
              <option key={each.id} value={each.id}>
                {each.name} {each.version}
                {each.ready ? '' : ' (first run builds it)'}
              </option>
            ))}
          </select>
          {code !== language.example && (
            <button type="button" className={buttonStyle('quiet', 'small')} onClick={() => type(language.example)}>
              <RotateCcw aria-hidden className="size-3.5" /> Reset to example
            </button>
          )}
          <div className="ml-auto flex gap-2">
            {running && (
              <button type="button" className={buttonStyle('secondary', 'small')} onClick={stop}>
                <Square aria-hidden className="size-3" /> Stop
              </button>
            )}
            <button type="submit" aria-disabled={running} className={buttonStyle('primary', 'small')}>
              <Play aria-hidden className="size-3.5" /> {running ? 'Running…' : 'Run'}
              <kbd aria-hidden className="font-sans text-xs opacity-80 max-sm:hidden">
                {shortcut}
              </kbd>
            </button>
          </div>
        </div>
        <CodeArea value={code} onChange={type} />
        <div className="border-t border-line p-3">
          <StdinField value={stdin} onChange={setStdin} hint="Left empty, you can type while it runs" />
        </div>
      </div>
      <Output state={state} onRetry={start} onLine={write} onEndInput={endInput} />
    </form>
  );
}

function firstLanguage(languages: Language[]): Language {
  const kept = drafts.language();
  const language =
    languages.find((each) => each.id === kept) ?? languages.find((each) => each.ready) ?? languages[0];
  if (!language) throw new Error('The runner is shown only when there is a language.');
  return language;
}
