import { useRef, type KeyboardEvent } from 'react';

const indent = '    ';

/** A plain editor: Tab indents, and Escape followed by Tab leaves, so that nobody is caught in it. */
export function CodeArea({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const leaving = useRef(false);

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>) {
    if (event.key === 'Escape') {
      leaving.current = true;
      return;
    }
    const leave = leaving.current;
    if (event.key !== 'Shift') leaving.current = false;
    if (event.key !== 'Tab' || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey || leave) return;
    event.preventDefault();
    const area = event.currentTarget;
    const { selectionStart, selectionEnd } = area;
    area.setRangeText(indent, selectionStart, selectionEnd, 'end');
    onChange(area.value);
  }

  return (
    <>
      <textarea
        aria-label="Code"
        aria-describedby="code-keys"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={() => {
          leaving.current = false;
        }}
        rows={16}
        wrap="off"
        spellCheck={false}
        autoCapitalize="none"
        autoComplete="off"
        autoCorrect="off"
        className="block min-h-72 w-full resize-y bg-sunken px-4 py-3 font-mono text-[0.8125rem] leading-6 text-ink [tab-size:4] focus-visible:outline-offset-[-2px]"
      />
      <p id="code-keys" className="sr-only">
        Tab indents. Press Escape, then Tab, to leave the editor. Control Enter runs the snippet.
      </p>
    </>
  );
}
