import { Search } from 'lucide-react';
import { useEffect, useState } from 'react';

const typingPauseMs = 250;

interface SearchBoxProps {
  label: string;
  value: string;
  onSearch: (value: string) => void;
}

/** Searches as soon as somebody pauses typing. */
export function SearchBox({ label, value, onSearch }: SearchBoxProps) {
  const [typed, setTyped] = useState(value);
  const [applied, setApplied] = useState(value);

  // The address changed without typing (back, "show all"): the box follows it.
  if (applied !== value) {
    setApplied(value);
    if (typed.trim() !== value) setTyped(value);
  }

  useEffect(() => {
    if (typed.trim() === value) return;
    const timer = setTimeout(() => onSearch(typed.trim()), typingPauseMs);
    return () => clearTimeout(timer);
  }, [typed, value, onSearch]);

  return (
    <div className="relative min-w-0 flex-1 basis-56 sm:max-w-80">
      <Search aria-hidden className="pointer-events-none absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-muted" />
      <input
        type="search"
        maxLength={200}
        aria-label={label}
        placeholder={label}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        className="control pl-8"
      />
    </div>
  );
}
