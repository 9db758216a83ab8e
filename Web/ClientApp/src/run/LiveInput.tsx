import { useId, useState } from 'react';
import { buttonStyle } from '../ui/buttonStyle';

/** A line for the program that runs. No form of its own: it stands within the snippet's. */
export function LiveInput({ onLine, onEnd }: { onLine: (line: string) => void; onEnd: () => void }) {
  const id = useId();
  const [line, setLine] = useState('');

  function send() {
    onLine(`${line}\n`);
    setLine('');
  }

  return (
    <div className="border-t border-line p-3">
      <label htmlFor={id} className="mb-1.5 block text-[0.8125rem] font-medium">
        Type to the program
      </label>
      <div className="flex flex-wrap gap-2">
        <input
          id={id}
          value={line}
          onChange={(event) => setLine(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.ctrlKey || event.metaKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            send();
          }}
          spellCheck={false}
          autoCapitalize="none"
          autoComplete="off"
          autoCorrect="off"
          className="control w-auto! min-w-32 flex-1 font-mono text-[0.8125rem]"
        />
        <button type="button" className={buttonStyle('secondary', 'small')} onClick={send}>
          Send line
        </button>
        <button type="button" className={buttonStyle('quiet', 'small')} onClick={onEnd}>
          End input
        </button>
      </div>
    </div>
  );
}
