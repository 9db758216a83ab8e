import clsx from 'clsx';
import { useState } from 'react';
import type { SnippetFile } from '../api/types';
import { CopyButton } from '../ui/CopyButton';

export function SharedSnippetFiles({ files }: { files: SnippetFile[] }) {
  const [name, setName] = useState(files[0]?.name);
  const file = files.find((each) => each.name === name) ?? files[0];
  if (!file) return null;
  return (
    <section aria-label="Files" className="panel min-w-0 overflow-hidden">
      <div className="flex flex-wrap items-center gap-2 border-b border-line px-3 py-2">
        {files.length === 1 ? (
          <h2 className="min-w-0 truncate font-mono text-[0.8125rem] font-medium">{file.name}</h2>
        ) : (
          files.map((each) => (
            <button
              key={each.name}
              type="button"
              aria-pressed={each === file}
              onClick={() => setName(each.name)}
              className={clsx(
                'rounded-[7px] px-2.5 py-1 font-mono text-[0.8125rem]',
                each === file ? 'bg-sunken font-medium text-ink' : 'text-muted hover:text-ink',
              )}
            >
              {each.name}
            </button>
          ))
        )}
        <span className="ml-auto">
          <CopyButton text={file.content} label="Copy" subject={file.name} size="small" />
        </span>
      </div>
      <pre
        tabIndex={0}
        aria-label={file.name}
        className="max-h-[70vh] min-h-40 overflow-auto bg-sunken px-4 py-3 font-mono text-[0.8125rem] leading-6 [tab-size:4]"
      >
        {file.content}
      </pre>
    </section>
  );
}
